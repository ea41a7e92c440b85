-- How many devices came back because they were not as described, beside how many the refurbisher's
-- categories, announced grades and order months would bring at the marketplace's own rates: a
-- perfect device is judged more strictly than a fair one.
-- Grain: one row per supplier_id with an ordered unit in a month that is_mature_30d.
with condition_returns as (
    select distinct
        order_line_id,
        unit_number
    from {{ ref('fct_returns') }}
    where reason_class = 'not_as_described'
),

returned as (
    select
        order_line_id,
        count(*) as condition_returned_units
    from condition_returns
    group by order_line_id
),

cells as (
    select
        order_lines.supplier_id,
        products.category,
        offers.announced_grade,
        order_lines.order_month,
        sum(order_lines.ordered_units) as ordered_units,
        sum(case
            when order_lines.returned_units is not null
                then coalesce(returned.condition_returned_units, 0)
        end) as condition_returned_units
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('dim_dates') }} as months
        on order_lines.order_month = months.date_day
    inner join {{ ref('dim_products') }} as products
        on order_lines.product_id = products.product_id
    inner join {{ ref('dim_offers') }} as offers
        on order_lines.offer_version_id = offers.offer_version_id
    left join returned
        on order_lines.order_line_id = returned.order_line_id
    where order_lines.ordered_units > 0 and months.is_mature_30d
    group by
        order_lines.supplier_id, products.category, offers.announced_grade, order_lines.order_month
),

expected as (
    select
        supplier_id,
        ordered_units,
        condition_returned_units,
        ordered_units * {{ rate(
            'sum(condition_returned_units) over (
                partition by category, announced_grade, order_month)',
            'sum(ordered_units) over (partition by category, announced_grade, order_month)'
        ) }} as expected_units
    from cells
),

added_up as (
    select
        supplier_id,
        cast(sum(ordered_units) as bigint) as ordered_units,
        cast(sum(condition_returned_units) as bigint) as condition_returned_units,
        {{ exact_sum('expected_units') }} as expected_condition_returned_units
    from expected
    group by supplier_id
)

select
    supplier_id,
    ordered_units,
    condition_returned_units,
    expected_condition_returned_units,
    {{ rate_with_bounds('condition_returned_units', 'ordered_units', 'condition_return_rate') }},
    {{ ratio_with_byar_bounds(
        'condition_returned_units', 'expected_condition_returned_units', 'observed_expected_ratio'
    ) }}
from added_up
