-- Which categories of which suppliers come back, by month of the order.
-- Grain: one row per (category, supplier_id, order_month) with an order line.
with order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

products as (
    select * from {{ ref('dim_products') }}
),

months as (
    select * from {{ ref('dim_dates') }}
    where date_day = month_start_date
),

counted as (
    select
        products.category,
        order_lines.supplier_id,
        order_lines.order_month,
        {{ unit_counts() }}
    from order_lines
    inner join products
        on order_lines.product_id = products.product_id
    group by products.category, order_lines.supplier_id, order_lines.order_month
)

select
    counted.*,
    {{ defect_rates() }},
    months.is_mature_30d,
    months.is_mature_365d,
    months.as_of_date
from counted
left join months
    on counted.order_month = months.date_day
