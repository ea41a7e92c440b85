-- How satisfied the customers of each product are, before and after a return apart.
-- Grain: one row per product_id with an order line.
with order_lines as (
    select
        product_id,
        {{ rated_line_counts() }}
    from {{ ref('fct_order_lines') }}
    group by product_id
),

ratings as (
    select
        product_id,
        {{ rating_counts() }}
    from {{ ref('fct_ratings') }}
    where is_latest_in_phase
    group by product_id
)

select
    order_lines.product_id,
    {{ satisfaction_measures() }}
from order_lines
left join ratings
    on order_lines.product_id = ratings.product_id
