-- How satisfied the customers of each supplier are, before and after a return apart.
-- Grain: one row per supplier_id.
with suppliers as (
    select * from {{ ref('dim_suppliers') }}
),

order_lines as (
    select
        supplier_id,
        {{ line_counts() }}
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
    suppliers.supplier_id,
    {{ satisfaction_measures() }}
from suppliers
left join order_lines
    on suppliers.supplier_id = order_lines.supplier_id
left join ratings
    on suppliers.supplier_id = ratings.supplier_id
