-- Whether a person orders again, and how the line is rated, after a return was refused, repaired or
-- refunded, or after a delivery without a case. A person counts once in each group.
-- Grain: one row per outcome_event_id.
with outcomes as (
    select
        *,
        {{ reporting_date('index_at') }} as index_date
    from {{ ref('int_customer_outcomes') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

as_of_date as (
    select * from {{ ref('int_as_of_date') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
),

followed as (
    select
        outcomes.*,
        presence.has_ratings,
        -- whose orders cannot be found is not followed up
        outcomes.customer_id is not null
        and {{ dbt.dateadd('day', var('retention_window_days'), 'outcomes.index_date') }}
        <= as_of_date.as_of_date as is_followed_up,
        {{ elapsed_days('outcomes.index_at', 'outcomes.next_ordered_at') }} as next_order_days
    from outcomes
    cross join as_of_date
    cross join presence
)

select
    -- keys
    followed.outcome_event_id,
    followed.return_line_id,
    followed.order_line_id,
    coalesce(
        {{ keyed_hash('user', 'followed.user_id') }},
        {{ keyed_hash('customer', 'followed.customer_id') }}
    ) as person_id,
    order_lines.supplier_id,
    order_lines.product_id,

    -- attributes
    followed.outcome_group,
    followed.customer_type,

    -- measures
    cast(followed.next_order_days as double) as next_order_days,
    followed.score_after,

    -- booleans
    followed.is_followed_up,
    followed.is_followed_up
    and coalesce(followed.next_order_days <= {{ var('retention_window_days') }}, false)
        as is_retained,
    case
        when followed.has_ratings then followed.score_after is not null
    end as is_rated_after,
    followed.score_after >= 4 as is_satisfied_after,

    -- times
    order_lines.order_month,
    followed.index_at,
    followed.next_ordered_at
from followed
inner join order_lines
    on followed.order_line_id = order_lines.order_line_id
