-- The score of a refurbisher in each category beside that of the marketplace there: who grades
-- devices that are hard to grade should not be compared with who grades easy ones.
-- Grain: one row per (supplier_id, category) with a compared evaluation.
with cells as (
    select
        evaluations.supplier_id,
        products.category,
        count(*) as compared_evaluations,
        count(*) filter (where evaluations.is_conform) as conform_evaluations,
        cast(sum(evaluations.grade_gap_abs) as bigint) as grade_gap_sum
    from {{ ref('fct_evaluations') }} as evaluations
    inner join {{ ref('dim_products') }} as products
        on evaluations.product_id = products.product_id
    where evaluations.grade_gap_abs is not null
    group by evaluations.supplier_id, products.category
),

scale as (
    select max(grade_rank) - min(grade_rank) as widest_gap
    from {{ ref('grade_scale') }}
),

shrinkage as (
    select max(evaluation_correlation) as evaluation_correlation
    from {{ ref('mart_refurbisher_components') }}
),

compared as (
    select
        cells.*,
        scale.widest_gap,
        shrinkage.evaluation_correlation,
        cast(sum(cells.compared_evaluations) over (partition by cells.category) as bigint)
            as market_compared_evaluations,
        cast(sum(cells.conform_evaluations) over (partition by cells.category) as bigint)
            as market_conform_evaluations,
        cast(sum(cells.grade_gap_sum) over (partition by cells.category) as bigint)
            as market_grade_gap_sum
    from cells
    cross join scale
    cross join shrinkage
),

scored as (
    select
        *,
        1 - {{ shrunk_rate(
            'grade_gap_sum', 'compared_evaluations',
            rate('market_grade_gap_sum', 'market_compared_evaluations'), 'evaluation_correlation'
        ) }} / widest_gap as category_score,
        1 - {{ rate('market_grade_gap_sum', 'market_compared_evaluations') }} / widest_gap
            as market_score
    from compared
)

select
    supplier_id,
    category,
    compared_evaluations,
    conform_evaluations,
    grade_gap_sum,
    category_score,
    market_score,
    category_score - market_score as vs_market_points,
    {{ rate_with_bounds('conform_evaluations', 'compared_evaluations', 'concordance_rate') }},
    market_compared_evaluations,
    market_conform_evaluations,
    market_grade_gap_sum,
    {{ rate_with_bounds(
        'market_conform_evaluations', 'market_compared_evaluations', 'market_concordance_rate'
    ) }}
from scored
