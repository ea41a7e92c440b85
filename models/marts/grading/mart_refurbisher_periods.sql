-- What a refurbisher graded in the last days and in as many before them, and what came back of the
-- orders whose 30 days ended in them, beside the marketplace and what its categories would bring.
-- Grain: one row per (supplier_id, period_name), current and previous.
{% set length = var('board_period_days') | int(28) -%}
with period_days as (
    select
        date_day,
        case
            when date_day > {{ dbt.dateadd('day', -length, 'as_of_date') }} then 'current'
            else 'previous'
        end as period_name
    from {{ ref('dim_dates') }}
    where
        date_day <= as_of_date
        and date_day > {{ dbt.dateadd('day', -2 * length, 'as_of_date') }}
),

periods as (
    select distinct period_name from period_days
),

evaluations as (
    select
        evaluations.supplier_id,
        period_days.period_name,
        count(*) as evaluations,
        count(distinct evaluations.device_id) as graded_devices,
        count(distinct evaluations.product_id) as graded_products,
        count(evaluations.grade_gap_abs) as compared_evaluations,
        sum(evaluations.grade_gap_abs) as grade_gap_sum,
        count(*) filter (where evaluations.gap_class = 'none') as no_gap_evaluations,
        count(*) filter (where evaluations.gap_class = 'slight') as slight_gap_evaluations,
        count(*) filter (where evaluations.gap_class = 'important') as important_gap_evaluations
    from {{ ref('fct_evaluations') }} as evaluations
    inner join period_days
        on evaluations.evaluation_date = period_days.date_day
    group by evaluations.supplier_id, period_days.period_name
),

cells as (
    select
        order_lines.supplier_id,
        products.category,
        period_days.period_name,
        sum(order_lines.ordered_units) as matured_units,
        sum(order_lines.returned_units_30d) as returned_units_30d
    from {{ ref('fct_order_lines') }} as order_lines
    inner join period_days
        on {{ dbt.dateadd('day', 30, 'order_lines.order_date') }} = period_days.date_day
    inner join {{ ref('dim_products') }} as products
        on order_lines.product_id = products.product_id
    group by order_lines.supplier_id, products.category, period_days.period_name
),

expected as (
    select
        *,
        matured_units * {{ rate(
            'sum(returned_units_30d) over (partition by category, period_name)',
            'sum(matured_units) over (partition by category, period_name)'
        ) }} as expected_units
    from cells
),

returned as (
    select
        supplier_id,
        period_name,
        sum(matured_units) as matured_units,
        sum(returned_units_30d) as returned_units_30d,
        {{ exact_sum('expected_units') }} as expected_returned_units_30d
    from expected
    group by supplier_id, period_name
)

select
    suppliers.supplier_id,
    periods.period_name,
    {% for measure in [
        'evaluations', 'graded_devices', 'graded_products', 'compared_evaluations',
        'grade_gap_sum', 'no_gap_evaluations', 'slight_gap_evaluations',
        'important_gap_evaluations',
    ] -%}
    cast(coalesce(evaluations.{{ measure }}, 0) as bigint) as {{ measure }},
    {% endfor -%}
    cast(coalesce(returned.matured_units, 0) as bigint) as matured_units,
    cast(returned.returned_units_30d as bigint) as returned_units_30d,
    returned.expected_returned_units_30d
from {{ ref('dim_suppliers') }} as suppliers
cross join periods
left join evaluations
    on
        suppliers.supplier_id = evaluations.supplier_id
        and periods.period_name = evaluations.period_name
left join returned
    on
        suppliers.supplier_id = returned.supplier_id
        and periods.period_name = returned.period_name
