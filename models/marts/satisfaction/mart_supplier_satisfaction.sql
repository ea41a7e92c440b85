-- How satisfied the customers of each supplier are, before and after a return apart.
-- Grain: one row per supplier_id with an order line.
with order_lines as (
    select
        supplier_id,
        {{ rated_line_counts() }}
    from {{ ref('fct_order_lines') }}
    group by supplier_id
),

ratings as (
    select
        supplier_id,
        {{ rating_counts() }}
    from {{ ref('fct_ratings') }}
    where is_latest_in_phase
    group by supplier_id
)

select
    order_lines.supplier_id,
    {{ satisfaction_measures() }}
from order_lines
left join ratings
    on order_lines.supplier_id = ratings.supplier_id
