-- What each delivery of extracts held, month by month: the memory that the next one is compared
-- with. Extracts that are built again add nothing, so that the comparison is not lost.
-- Grain: one row per (delivery_number, source_table, event_month).
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    on_schema_change='fail'
) }}

with delivered as (
    select
        source_table,
        cast(date_trunc('month', event_date) as date) as event_month,
        cast(sum(staged_rows) as bigint) as staged_rows
    from {{ ref('source_daily_rows') }}
    group by source_table, cast(date_trunc('month', event_date) as date)
),

as_of as (
    select as_of_date from {{ ref('int_as_of_date') }}
),

remembered as (
    {% if is_incremental() %}
    select
        delivery_number,
        source_table,
        event_month,
        staged_rows
    from {{ this }}
    {% else %}
    select
        0 as delivery_number,
        source_table,
        event_month,
        staged_rows
    from delivered
    where 1 = 0
    {% endif %}
),

last_number as (
    select coalesce(max(delivery_number), 0) as delivery_number from remembered
),

compared as (
    select
        source_table,
        event_month,
        staged_rows as rows_now,
        0 as rows_before
    from delivered
    union all
    select
        remembered.source_table,
        remembered.event_month,
        0 as rows_now,
        remembered.staged_rows as rows_before
    from remembered
    inner join last_number
        on remembered.delivery_number = last_number.delivery_number
),

differing as (
    select source_table
    from compared
    group by source_table, event_month
    having sum(rows_now) <> sum(rows_before)
)

select
    cast(last_number.delivery_number + 1 as integer) as delivery_number,
    delivered.source_table,
    delivered.event_month,
    delivered.staged_rows,
    cast({{ 'false' if raw_path() else 'true' }} as boolean) as is_demo,
    as_of.as_of_date,
    {{ build_started_at() }} as recorded_at
from delivered
cross join last_number
cross join as_of
where exists (select differing.source_table from differing)
