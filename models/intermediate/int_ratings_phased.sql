-- Ratings before and after the line's first return request apart, and which of them count.
-- Grain: one row per rating_id.
{{ config(materialized='table') }}

with ratings as (
    select * from {{ ref('stg_marketplace__ratings') }}
),

line_returns as (
    select * from {{ ref('int_line_returns') }}
),

erased_customers as (
    select * from {{ ref('stg_marketplace__erased_customers') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
),

phased as (
    select
        ratings.*,
        case
            when not presence.has_return_lines then null
            when line_returns.order_line_id is null then 'no_return'
            when ratings.rated_at < line_returns.first_return_requested_at then 'pre_return'
            else 'post_return'
        end as rating_phase
    from ratings
    left join line_returns
        on ratings.order_line_id = line_returns.order_line_id
    cross join presence
),

ranked as (
    select
        *,
        row_number() over (
            partition by
                order_line_id, customer_id, rating_phase,
                -- each rating of an unknown customer is that of another one
                case when customer_id is null then rating_id end
            order by rated_at desc, rating_id desc
        ) as recency_rank
    from phased
)

select
    ranked.rating_id,
    ranked.order_line_id,
    -- ranked by account first, so that an erased one counts as often as before
    case when erased_customers.customer_id is null then ranked.customer_id end as customer_id,
    ranked.score,
    ranked.perceived_grade,
    ranked.rating_phase,
    ranked.recency_rank = 1 as is_latest_in_phase,
    ranked.rated_at
from ranked
left join erased_customers
    on ranked.customer_id = erased_customers.customer_id
