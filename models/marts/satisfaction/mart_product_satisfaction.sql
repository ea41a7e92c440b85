-- How satisfied the customers of each product are, before and after a return apart.
-- Grain: one row per product_id.
with products as (
    select * from {{ ref('dim_products') }}
),

order_lines as (
    select
        product_id,
        {{ line_counts() }}
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
    products.product_id,
    {{ satisfaction_measures() }}
from products
left join order_lines
    on products.product_id = order_lines.product_id
left join ratings
    on products.product_id = ratings.product_id
