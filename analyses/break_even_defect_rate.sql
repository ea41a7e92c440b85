-- Which of two suppliers of a category is the better choice: how defective may the one be before
-- the other brings more? The brief asks whether to sell what breaks and repair it, or what rarely
-- breaks. No extract says what units were bought for, so a margin is var('assumed_margin_share')
-- of the mean sale price, the same for all: set your own, and read the verdict as one of this
-- assumption. A failure costs what it does on average in the category, by the units whose cost is
-- complete; replaced ones, whose cost no extract has, are left out. Suppliers with 30 units are
-- compared; the verdict is open unless the bounds of the difference of both rates leave the
-- break-even rate out.
{% set min_units = 30 -%}
with coverage as (
    select * from {{ ref('mart_repair_coverage') }}
),

suppliers as (
    select
        category,
        supplier_id,
        ordered_units,
        confirmed_defect_units,
        confirmed_defect_rate,
        {{ rate('sales_eur', 'priced_ordered_units') }} as mean_price_eur,
        {{ var('assumed_margin_share') }} * {{ rate('sales_eur', 'priced_ordered_units') }}
            as assumed_margin_eur,
        cast(sum(costed_failure_cost_eur) over (partition by category) as double)
        / nullif(sum(costed_defect_units) over (partition by category), 0)
            as mean_failure_cost_eur
    from coverage
),

pairs as (
    select
        suppliers.category,
        suppliers.supplier_id,
        other_suppliers.supplier_id as other_supplier_id,
        suppliers.mean_price_eur,
        other_suppliers.mean_price_eur as other_mean_price_eur,
        suppliers.mean_failure_cost_eur,
        suppliers.confirmed_defect_rate,
        other_suppliers.confirmed_defect_rate as other_confirmed_defect_rate,
        {{ break_even_rate(
            'suppliers.assumed_margin_eur', 'other_suppliers.assumed_margin_eur',
            'suppliers.mean_failure_cost_eur', 'other_suppliers.confirmed_defect_rate'
        ) }} as break_even_defect_rate,
        {{ difference_with_bounds(
            'suppliers.confirmed_defect_units', 'suppliers.ordered_units',
            'other_suppliers.confirmed_defect_units', 'other_suppliers.ordered_units', 'rate_difference'
        ) }}
    from suppliers
    inner join suppliers as other_suppliers
        on
            suppliers.category = other_suppliers.category
            and suppliers.supplier_id <> other_suppliers.supplier_id
    where least(suppliers.ordered_units, other_suppliers.ordered_units) >= {{ min_units }}
)

select
    *,
    case
        when rate_difference_high < break_even_defect_rate - other_confirmed_defect_rate
            then 'better'
        when rate_difference_low > break_even_defect_rate - other_confirmed_defect_rate
            then 'worse'
        when break_even_defect_rate is not null then 'open'
    end as verdict
from pairs
order by category, supplier_id, other_supplier_id
