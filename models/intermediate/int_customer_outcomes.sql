-- The first outcome event of a person in each group: whether the person had ordered before, the
-- next order and the last rating of the line after it.
-- Grain: one row per outcome_event_id.
{{ config(materialized='table') }}

with events as (
    select * from {{ ref('int_outcome_events') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

products as (
    select * from {{ ref('stg_marketplace__products') }}
),

persons as (
    select * from {{ ref('int_customer_persons') }}
),

ratings as (
    select * from {{ ref('stg_marketplace__ratings') }}
),

-- read anew: of events that are read twice a copy would be kept
rateable as (
    select * from {{ ref('int_outcome_events') }}
),

ratings_after as (
    select
        rateable.outcome_event_id,
        ratings.score,
        row_number() over (
            partition by rateable.outcome_event_id
            order by ratings.rated_at desc, ratings.score asc, ratings.rating_id asc
        ) as recency_rank
    from rateable
    inner join ratings
        on
            rateable.order_line_id = ratings.order_line_id
            and rateable.index_at <= ratings.rated_at
),

-- of events at one moment no identifier chooses, but what they are counted by
ranked as (
    select
        events.*,
        ratings_after.score as score_after,
        row_number() over (
            partition by events.outcome_group, events.person_key
            order by
                events.index_at, events.ordered_at, products.category, ratings_after.score,
                events.outcome_event_id
        ) as event_number
    from events
    inner join products
        on events.product_id = products.product_id
    left join ratings_after
        on
            events.outcome_event_id = ratings_after.outcome_event_id
            and ratings_after.recency_rank = 1
),

-- erased and unknown people cannot be told apart: each of their events stays in sight
first_events as (
    select * from ranked
    where event_number = 1 or person_key is null
),

-- an order that was cancelled or never paid is no coming back, and was none before
other_orders as (
    select
        first_events.outcome_event_id,
        bool_or(order_lines.ordered_at < first_events.ordered_at) as has_ordered_before,
        min(order_lines.ordered_at) filter (where first_events.index_at < order_lines.ordered_at)
            as next_ordered_at
    from first_events
    inner join persons
        on first_events.person_key = persons.person_key
    inner join order_lines
        on
            persons.customer_id = order_lines.customer_id
            and (
                first_events.ordered_at > order_lines.ordered_at
                or first_events.index_at < order_lines.ordered_at
            )
    where order_lines.state not in ('cancelled', 'unpaid')
    group by first_events.outcome_event_id
)

select
    first_events.outcome_event_id,
    first_events.return_line_id,
    first_events.order_line_id,
    first_events.customer_id,
    first_events.user_id,
    first_events.outcome_group,
    case
        when first_events.person_key is null then 'unknown'
        when other_orders.has_ordered_before then 'returning'
        else 'new'
    end as customer_type,
    first_events.score_after,
    first_events.index_at,
    other_orders.next_ordered_at
from first_events
left join other_orders
    on first_events.outcome_event_id = other_orders.outcome_event_id
