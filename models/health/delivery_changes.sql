-- Rows that went missing or came late since the delivery before this one. Demo extracts and a
-- user's own are not compared with each other.
-- Grain: one row per source_table of either delivery; none while there is only one delivery.
with delivery_history as (
    select * from {{ ref('delivery_history') }}
),

last_number as (
    select max(delivery_number) as delivery_number from delivery_history
),

current_rows as (
    select delivery_history.*
    from delivery_history
    inner join last_number
        on delivery_history.delivery_number = last_number.delivery_number
),

current_delivery as (
    select distinct
        delivery_number,
        is_demo
    from current_rows
),

previous_number as (
    select max(delivery_history.delivery_number) as delivery_number
    from delivery_history
    inner join current_delivery
        on
            delivery_history.delivery_number < current_delivery.delivery_number
            and delivery_history.is_demo = current_delivery.is_demo
),

previous_rows as (
    select delivery_history.*
    from delivery_history
    inner join previous_number
        on delivery_history.delivery_number = previous_number.delivery_number
),

previous_as_of as (
    select max(as_of_date) as as_of_date from previous_rows
),

compared as (
    select
        source_table,
        event_month,
        0 as rows_before,
        staged_rows as rows_now
    from current_rows
    union all
    select
        source_table,
        event_month,
        staged_rows as rows_before,
        0 as rows_now
    from previous_rows
),

-- a month is closed when it had been over for some days in the delivery before: nearly all of it
-- was to be there
months as (
    select
        compared.source_table,
        sum(compared.rows_before) as rows_before,
        sum(compared.rows_now) as rows_now,
        coalesce(
            {{ dbt.dateadd(
                'day', var('late_arrival_grace_days'),
                dbt.dateadd('month', 1, 'compared.event_month')
            ) }} <= previous_as_of.as_of_date,
            false
        ) as is_closed
    from compared
    cross join previous_as_of
    where previous_as_of.as_of_date is not null
    group by compared.source_table, compared.event_month, previous_as_of.as_of_date
)

select
    source_table,
    cast(sum(rows_before) as bigint) as previous_rows,
    cast(sum(rows_now) as bigint) as staged_rows,
    cast(greatest(
        sum(rows_before) - sum(rows_now),
        sum(case when is_closed then greatest(rows_before - rows_now, 0) else 0 end),
        0
    ) as bigint) as missing_rows,
    cast(sum(case when is_closed then rows_before else 0 end) as bigint) as closed_rows,
    cast(sum(
        case when is_closed then greatest(rows_now - rows_before, 0) else 0 end
    ) as bigint) as late_rows
from months
group by source_table
