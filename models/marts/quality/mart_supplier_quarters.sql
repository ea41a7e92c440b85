-- Units back within 30 days of the order, by quarter of the order. The window is the same for every
-- quarter, so quarters can be compared: returns to date always make the latest look best.
-- Grain: one row per (supplier_id, order_quarter) with an order line.
with order_lines as (
    select
        supplier_id,
        cast(date_trunc('quarter', order_month) as date) as order_quarter,
        cast(sum(ordered_units) as bigint) as ordered_units,
        bool_or(returned_units is not null) as are_returns_known
    from {{ ref('fct_order_lines') }}
    group by supplier_id, cast(date_trunc('quarter', order_month) as date)
),

returned_units as (
    select
        supplier_id,
        cast(date_trunc('quarter', order_month) as date) as order_quarter,
        order_line_id,
        unit_number,
        bool_or(is_defect_return) as is_defect_returned
    from {{ ref('fct_returns') }}
    where days_from_order <= 30
    group by
        supplier_id, cast(date_trunc('quarter', order_month) as date), order_line_id, unit_number
),

returned as (
    select
        supplier_id,
        order_quarter,
        count(*) as returned_units,
        count(*) filter (where is_defect_returned) as defect_returned_units
    from returned_units
    group by supplier_id, order_quarter
),

quarters as (
    select
        cast(date_trunc('quarter', date_day) as date) as order_quarter,
        bool_and(is_mature_30d) as is_mature_30d,
        max(as_of_date) as as_of_date
    from {{ ref('dim_dates') }}
    group by cast(date_trunc('quarter', date_day) as date)
),

counted as (
    select
        order_lines.supplier_id,
        order_lines.order_quarter,
        order_lines.ordered_units,
        {% for measure in ['returned_units', 'defect_returned_units'] -%}
        case
            when order_lines.are_returns_known then coalesce(returned.{{ measure }}, 0)
        end as {{ measure }}_30d,
        {% endfor -%}
        coalesce(quarters.is_mature_30d, false) as is_mature_30d,
        quarters.as_of_date
    from order_lines
    left join returned
        on
            order_lines.supplier_id = returned.supplier_id
            and order_lines.order_quarter = returned.order_quarter
    left join quarters
        on order_lines.order_quarter = quarters.order_quarter
)

select
    supplier_id,
    order_quarter,
    ordered_units,
    returned_units_30d,
    defect_returned_units_30d,
    {{ rate_with_bounds('returned_units_30d', 'ordered_units', 'return_30d_rate') }},
    {{ rate_with_bounds('defect_returned_units_30d', 'ordered_units', 'defect_return_30d_rate') }},
    is_mature_30d,
    as_of_date
from counted
