-- Who comes back, and how satisfied, after a return was refused, repaired or refunded, and after a
-- delivery without a case.
-- Grain: one row per (category, order_month, customer_type, outcome_group) with such an event.
with products as (
    select * from {{ ref('dim_products') }}
),

outcomes as (
    select
        products.category,
        outcomes.order_month,
        outcomes.customer_type,
        outcomes.outcome_group,
        count(outcomes.person_id) as outcome_people,
        count(*) filter (where outcomes.person_id is null) as unidentified_events,
        count(*) filter (where outcomes.is_followed_up) as followed_up_people,
        count(*) filter (where outcomes.is_retained) as retained_people,
        cast(sum(case
            when outcomes.is_rated_after then 1 when not outcomes.is_rated_after then 0
        end) as bigint) as rated_events,
        cast(sum(outcomes.score_after) as bigint) as score_sum,
        cast(sum(case
            when outcomes.is_satisfied_after then 1 when outcomes.is_rated_after is not null then 0
        end) as bigint) as satisfied_events
    from {{ ref('fct_customer_outcomes') }} as outcomes
    inner join products
        on outcomes.product_id = products.product_id
    group by
        products.category, outcomes.order_month, outcomes.customer_type, outcomes.outcome_group
)

select
    category,
    order_month,
    customer_type,
    outcome_group,
    outcome_people,
    unidentified_events,
    followed_up_people,
    retained_people,
    rated_events,
    score_sum,
    satisfied_events,
    {{ rate_with_bounds('retained_people', 'followed_up_people', 'retention_rate') }},
    {{ rate('score_sum', 'rated_events') }} as after_avg_rating,
    {{ rate_with_bounds('satisfied_events', 'rated_events', 'after_csat_rate') }}
from outcomes
