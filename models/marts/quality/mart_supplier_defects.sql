-- Which suppliers sell devices that come back, by month of the order.
-- Grain: one row per (supplier_id, order_month) with an order line.
with order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

months as (
    select * from {{ ref('dim_dates') }}
    where date_day = month_start_date
),

counted as (
    select
        supplier_id,
        order_month,
        {{ unit_counts() }}
    from order_lines
    group by supplier_id, order_month
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
