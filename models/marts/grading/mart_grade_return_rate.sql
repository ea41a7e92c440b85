-- How many devices come back within 30 days of the order, and how many of these because they were
-- not as described, by announced grade and category; drawn towards the marketplace's rate where a
-- cell is small. A baseline for any prediction of returns: what a model must beat.
-- Grain: one row per (announced_grade, category) with an ordered unit in a month is_mature_30d.
with returned_units as (
    select
        order_line_id,
        unit_number,
        bool_or(reason_class = 'not_as_described') as is_not_as_described
    from {{ ref('fct_returns') }}
    where days_from_order <= 30
    group by order_line_id, unit_number
),

returned as (
    select
        order_line_id,
        count(*) as returned_units,
        count(*) filter (where is_not_as_described) as condition_returned_units
    from returned_units
    group by order_line_id
),

cells as (
    select
        coalesce(offers.announced_grade, 'unknown') as announced_grade,
        products.category,
        cast(sum(order_lines.ordered_units) as bigint) as ordered_units,
        {% for measure in ['returned_units', 'condition_returned_units'] -%}
        cast(sum(case
            when order_lines.returned_units is not null then coalesce(returned.{{ measure }}, 0)
        end) as bigint) as {{ measure }},
        {% endfor -%}
        max(months.as_of_date) as as_of_date
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
    group by coalesce(offers.announced_grade, 'unknown'), products.category
),

market as (
    select
        {{ rate('sum(returned_units)', 'sum(ordered_units)') }} as return_rate,
        {{ rate('sum(condition_returned_units)', 'sum(ordered_units)') }} as condition_return_rate,
        coalesce({{ kleinman_correlation('returned_units', 'ordered_units') }}, 0E0)
            as return_correlation,
        coalesce({{ kleinman_correlation('condition_returned_units', 'ordered_units') }}, 0E0)
            as condition_return_correlation
    from cells
),

predicted as (
    select
        cells.*,
        {{ shrunk_rate(
            'cells.returned_units', 'cells.ordered_units', 'market.return_rate',
            'market.return_correlation'
        ) }} as shrunk_return_rate,
        {{ shrunk_rate(
            'cells.condition_returned_units', 'cells.ordered_units',
            'market.condition_return_rate', 'market.condition_return_correlation'
        ) }} as shrunk_condition_return_rate
    from cells
    cross join market
)

select
    announced_grade,
    category,
    ordered_units,
    returned_units,
    {{ rate_with_bounds('returned_units', 'ordered_units', 'return_30d_rate') }},
    shrunk_return_rate as shrunk_return_30d_rate,
    condition_returned_units,
    {{ rate_with_bounds(
        'condition_returned_units', 'ordered_units', 'condition_return_30d_rate'
    ) }},
    shrunk_condition_return_rate as shrunk_condition_return_30d_rate,
    ordered_units * shrunk_condition_return_rate as expected_condition_returned_units,
    as_of_date
from predicted
