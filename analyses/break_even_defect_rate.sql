-- Which of two suppliers of a category is the better choice: how defective may the one be before the
-- other brings more? The brief's question whether to sell what breaks and repair it, or what rarely
-- breaks. No extract says what units were bought for, so a margin is var('assumed_margin_share') of
-- the mean sale price, the same for all: set your own, and read the verdict as one of this
-- assumption. The cost of a failure is the mean of both suppliers in the category, as it stands: of
-- young orders it is still to grow. A verdict needs both to have sold 30 units and a rate whose
-- bounds leave the break-even rate out.
{% set min_units = 30 -%}
with coverage as (
    select
        category,
        supplier_id,
        ordered_units,
        confirmed_defect_units,
        failure_cost_eur,
        confirmed_defect_rate,
        confirmed_defect_rate_low,
        confirmed_defect_rate_high,
        {{ rate('sales_eur', 'priced_ordered_units') }} as mean_price_eur
    from {{ ref('mart_repair_coverage') }}
    where ordered_units >= {{ min_units }}
),

pairs as (
    select
        coverage.category,
        coverage.supplier_id,
        others.supplier_id as other_supplier_id,
        coverage.mean_price_eur,
        others.mean_price_eur as other_mean_price_eur,
        coverage.mean_price_eur * {{ var('assumed_margin_share') }} as assumed_margin_eur,
        others.mean_price_eur * {{ var('assumed_margin_share') }} as other_assumed_margin_eur,
        cast(coalesce(coverage.failure_cost_eur, 0) + coalesce(others.failure_cost_eur, 0) as double)
        / nullif(coverage.confirmed_defect_units + others.confirmed_defect_units, 0)
            as mean_failure_cost_eur,
        coverage.confirmed_defect_rate,
        coverage.confirmed_defect_rate_low,
        coverage.confirmed_defect_rate_high,
        others.confirmed_defect_rate as other_confirmed_defect_rate
    from coverage
    inner join coverage as others
        on
            coverage.category = others.category
            and coverage.supplier_id <> others.supplier_id
),

compared as (
    select
        *,
        {{ break_even_rate(
            'assumed_margin_eur', 'other_assumed_margin_eur', 'mean_failure_cost_eur',
            'other_confirmed_defect_rate'
        ) }} as break_even_defect_rate
    from pairs
)

select
    *,
    case
        when confirmed_defect_rate_high < break_even_defect_rate then 'better'
        when confirmed_defect_rate_low > break_even_defect_rate then 'worse'
        when break_even_defect_rate is not null then 'open'
    end as verdict
from compared
order by category, supplier_id, other_supplier_id
