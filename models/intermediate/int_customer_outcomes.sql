-- The first outcome event of a person in each group, with the next order of the person and the last
-- rating of the line after it.
-- Grain: one row per outcome_event_id.
{{ config(materialized='table') }}

with events as (
    select
        *,
        row_number() over (
            partition by outcome_group, person_key
            order by index_at, outcome_event_id
        ) as event_number
    from {{ ref('int_outcome_events') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

persons as (
    select * from {{ ref('int_customer_persons') }}
),

ratings as (
    select * from {{ ref('stg_marketplace__ratings') }}
),

-- erased and unknown people cannot be told apart: each of their events stays in sight
first_events as (
    select *
    from events
    where event_number = 1 or person_key is null
),

-- an order that was cancelled or never paid is no coming back
person_orders as (
    select
        persons.person_key,
        order_lines.ordered_at
    from order_lines
    inner join persons
        on order_lines.customer_id = persons.customer_id
    where order_lines.state not in ('cancelled', 'unpaid')
),

next_orders as (
    select
        first_events.outcome_event_id,
        min(person_orders.ordered_at) as next_ordered_at
    from first_events
    inner join person_orders
        on
            first_events.person_key = person_orders.person_key
            and first_events.index_at < person_orders.ordered_at
    group by first_events.outcome_event_id
),

ratings_after as (
    select
        first_events.outcome_event_id,
        ratings.score,
        row_number() over (
            partition by first_events.outcome_event_id
            order by ratings.rated_at desc, ratings.rating_id desc
        ) as recency_rank
    from first_events
    inner join ratings
        on
            first_events.order_line_id = ratings.order_line_id
            and first_events.index_at <= ratings.rated_at
)

select
    first_events.outcome_event_id,
    first_events.return_line_id,
    first_events.order_line_id,
    first_events.customer_id,
    first_events.user_id,
    first_events.outcome_group,
    ratings_after.score as score_after,
    first_events.index_at,
    next_orders.next_ordered_at
from first_events
left join next_orders
    on first_events.outcome_event_id = next_orders.outcome_event_id
left join ratings_after
    on
        first_events.outcome_event_id = ratings_after.outcome_event_id
        and ratings_after.recency_rank = 1
