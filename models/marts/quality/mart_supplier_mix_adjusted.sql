-- How many defects a supplier's mix of categories and order months would bring at the marketplace's
-- own rates, beside how many it brought. A seller of fragile devices is no bad seller, and a seller
-- of young cohorts no good one: indirect standardisation takes both out.
-- Grain: one row per supplier_id with an ordered unit in a month that is_mature_30d.
with cells as (
    select
        category,
        supplier_id,
        order_month,
        as_of_date,
        ordered_units,
        defect_returned_units,
        sum(ordered_units) over (partition by category, order_month) as market_units,
        sum(defect_returned_units) over (partition by category, order_month) as market_defects
    from {{ ref('mart_category_defects') }}
    where is_mature_30d and ordered_units > 0
),

expected as (
    select
        *,
        {{ rate('market_defects', 'market_units') }} * ordered_units as expected_units,
        -- what the others would have brought; null where nobody else sold the category that month
        {{ rate('market_defects - defect_returned_units', 'market_units - ordered_units') }}
        * ordered_units as expected_units_of_others
    from cells
),

added_up as (
    select
        supplier_id,
        max(as_of_date) as as_of_date,
        cast(sum(ordered_units) as bigint) as ordered_units,
        cast(sum(defect_returned_units) as bigint) as defect_returned_units,
        {{ exact_sum('expected_units') }} as expected_defect_units,
        cast(sum(case
            when expected_units_of_others is not null then ordered_units else 0
        end) as bigint) as compared_units,
        cast(sum(case
            when expected_units_of_others is not null then defect_returned_units
        end) as bigint) as compared_defect_units,
        {{ exact_sum('expected_units_of_others') }} as expected_defect_units_of_others
    from expected
    group by supplier_id
),

market as (
    select {{ rate('sum(defect_returned_units)', 'sum(ordered_units)') }} as market_rate
    from cells
)

select
    added_up.supplier_id,
    added_up.ordered_units,
    added_up.defect_returned_units,
    added_up.expected_defect_units,
    {{ ratio_with_byar_bounds(
        'added_up.defect_returned_units', 'added_up.expected_defect_units', 'observed_expected_ratio'
    ) }},
    {{ rate('added_up.expected_defect_units', 'added_up.ordered_units') }} as expected_rate,
    {{ at_most(
        rate('added_up.defect_returned_units', 'added_up.expected_defect_units')
        ~ ' * market.market_rate', '1E0'
    ) }} as adjusted_defect_return_rate,
    market.market_rate as market_defect_return_rate,
    added_up.compared_units,
    added_up.compared_defect_units,
    added_up.expected_defect_units_of_others,
    {{ ratio_with_byar_bounds(
        'added_up.compared_defect_units', 'added_up.expected_defect_units_of_others',
        'leave_one_out_ratio'
    ) }},
    added_up.as_of_date
from added_up
cross join market
