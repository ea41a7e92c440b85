-- What speaks for or against the grades of a refurbisher: how close they are to the reference,
-- crude and drawn towards the marketplace's mean by as much as its evaluations leave open; how many
-- are too high; what became of disputes; and what came back because it was not as described.
-- Grain: one row per supplier_id with an evaluation.
with evaluations as (
    select
        supplier_id,
        count(*) as evaluations,
        count(grade_gap_abs) as compared_evaluations,
        count(*) filter (where is_conform) as conform_evaluations,
        count(*) filter (where is_overgraded) as overgraded_evaluations,
        cast(coalesce(sum(grade_gap_abs), 0) as bigint) as grade_gap_sum,
        coalesce(sum(grade_gap_abs * grade_gap_abs), 0) as squared_gap_sum
    from {{ ref('fct_evaluations') }}
    group by supplier_id
),

scale as (
    select max(grade_rank) - min(grade_rank) as widest_gap
    from {{ ref('grade_scale') }}
),

market as (
    select
        {{ rate('sum(grade_gap_sum)', 'sum(compared_evaluations)') }} as market_mean_gap,
        coalesce({{ credibility_correlation(
            'compared_evaluations', 'compared_evaluations', 'grade_gap_sum', 'squared_gap_sum'
        ) }}, 0E0) as evaluation_correlation
    from evaluations
),

disputes as (
    select
        supplier_id,
        count(is_upheld) as decided_disputes,
        count(*) filter (where is_upheld) as upheld_disputes
    from {{ ref('fct_support_cases') }}
    where case_type = 'grade_dispute'
    group by supplier_id
),

sources as (
    select bool_or(is_present) as has_claims
    from {{ ref('dim_sources') }}
    where source_table = 'claims'
),

measured as (
    select
        evaluations.*,
        scale.widest_gap,
        market.market_mean_gap,
        market.evaluation_correlation,
        case when sources.has_claims then coalesce(disputes.decided_disputes, 0) end
            as decided_disputes,
        case when sources.has_claims then coalesce(disputes.upheld_disputes, 0) end
            as upheld_disputes
    from evaluations
    cross join scale
    cross join market
    cross join sources
    left join disputes
        on evaluations.supplier_id = disputes.supplier_id
)

select
    measured.supplier_id,
    measured.evaluations,
    measured.compared_evaluations,
    measured.conform_evaluations,
    measured.overgraded_evaluations,
    measured.grade_gap_sum,
    {{ rate('measured.grade_gap_sum', 'measured.compared_evaluations') }} as mean_grade_gap,
    1 - {{ rate('measured.grade_gap_sum', 'measured.compared_evaluations') }} / measured.widest_gap
        as closeness,
    case
        when measured.compared_evaluations > 0
            then 1 - {{ shrunk_rate(
                'measured.grade_gap_sum', 'measured.compared_evaluations',
                'measured.market_mean_gap', 'measured.evaluation_correlation'
            ) }} / measured.widest_gap
    end as shrunk_closeness,
    1 - measured.market_mean_gap / measured.widest_gap as market_closeness,
    measured.evaluation_correlation,
    {{ rate_with_bounds(
        'measured.conform_evaluations', 'measured.compared_evaluations', 'concordance_rate'
    ) }},
    {{ rate_with_bounds(
        'measured.overgraded_evaluations', 'measured.compared_evaluations', 'overgraded_rate'
    ) }},
    measured.decided_disputes,
    measured.upheld_disputes,
    {{ rate_with_bounds(
        'measured.upheld_disputes', 'measured.decided_disputes', 'upheld_dispute_rate'
    ) }},
    condition_returns.condition_returned_units,
    condition_returns.expected_condition_returned_units,
    condition_returns.observed_expected_ratio as condition_return_ratio,
    condition_returns.observed_expected_ratio_low as condition_return_ratio_low,
    condition_returns.observed_expected_ratio_high as condition_return_ratio_high
from measured
left join {{ ref('mart_refurbisher_condition_returns') }} as condition_returns
    on measured.supplier_id = condition_returns.supplier_id
