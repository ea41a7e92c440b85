-- The board of a refurbisher: its confidence, return rate, concordance and gradings of the last
-- days, beside as many days before and beside the marketplace.
-- Grain: one row per supplier_id.
{% set counts = [
    'evaluations', 'graded_devices', 'graded_products', 'compared_evaluations', 'grade_gap_sum',
    'no_gap_evaluations', 'slight_gap_evaluations', 'important_gap_evaluations', 'matured_units',
    'returned_units_30d',
] -%}
with market as (
    select
        period_name,
        {{ rate('sum(returned_units_30d)', 'sum(matured_units)') }} as market_return_30d_rate,
        {{ rate('sum(grade_gap_sum)', 'sum(compared_evaluations)') }} as market_mean_gap
    from {{ ref('mart_refurbisher_periods') }}
    group by period_name
),

shrinkage as (
    select max(evaluation_correlation) as evaluation_correlation
    from {{ ref('mart_refurbisher_components') }}
),

scale as (
    select max(grade_rank) - min(grade_rank) as widest_gap
    from {{ ref('grade_scale') }}
),

periods as (
    select
        periods.*,
        market.market_return_30d_rate,
        case
            when periods.compared_evaluations > 0
                then 1 - {{ shrunk_rate(
                    'periods.grade_gap_sum', 'periods.compared_evaluations',
                    'market.market_mean_gap', 'shrinkage.evaluation_correlation'
                ) }} / scale.widest_gap
        end as confidence_score
    from {{ ref('mart_refurbisher_periods') }} as periods
    inner join market
        on periods.period_name = market.period_name
    cross join shrinkage
    cross join scale
)

select
    suppliers.supplier_id,
    suppliers.supplier_name,
    confidence.confidence_class,
    {% for measure in counts -%}
    latest.{{ measure }},
    {% endfor -%}
    {% for measure in counts -%}
    previous.{{ measure }} as previous_{{ measure }},
    {% endfor -%}
    confidence.confidence_score,
    latest.confidence_score as period_confidence_score,
    previous.confidence_score as previous_confidence_score,
    latest.confidence_score - previous.confidence_score as confidence_delta_points,
    {{ rate_with_bounds('latest.returned_units_30d', 'latest.matured_units', 'return_30d_rate') }},
    {{ rate('previous.returned_units_30d', 'previous.matured_units') }}
        as previous_return_30d_rate,
    latest.market_return_30d_rate,
    {{ rate('latest.expected_returned_units_30d', 'latest.matured_units') }}
        as expected_return_30d_rate,
    {% for name, compared in {
        'vs_previous': rate('previous.returned_units_30d', 'previous.matured_units'),
        'vs_market': 'latest.market_return_30d_rate',
        'vs_expected': rate('latest.expected_returned_units_30d', 'latest.matured_units'),
    }.items() -%}
    {{ rate('latest.returned_units_30d', 'latest.matured_units') }} - {{ compared }}
        as {{ name }}_points,
    ({{ rate('latest.returned_units_30d', 'latest.matured_units') }} - {{ compared }})
    / nullif({{ compared }}, 0) as {{ name }}_rel,
    {% endfor -%}
    {{ rate_with_bounds(
        'latest.no_gap_evaluations', 'latest.compared_evaluations', 'concordance_rate'
    ) }},
    {{ rate('previous.no_gap_evaluations', 'previous.compared_evaluations') }}
        as previous_concordance_rate,
    {{ rate('latest.no_gap_evaluations', 'latest.compared_evaluations') }}
    - {{ rate('previous.no_gap_evaluations', 'previous.compared_evaluations') }}
        as concordance_delta_points,
    {{ rate('latest.slight_gap_evaluations', 'latest.compared_evaluations') }} as slight_gap_rate,
    {{ rate('latest.important_gap_evaluations', 'latest.compared_evaluations') }}
        as important_gap_rate,
    {{ rate('latest.graded_products - previous.graded_products', 'previous.graded_products') }}
        as graded_products_delta_rel
from {{ ref('dim_suppliers') }} as suppliers
inner join periods as latest
    on suppliers.supplier_id = latest.supplier_id and latest.period_name = 'current'
inner join periods as previous
    on suppliers.supplier_id = previous.supplier_id and previous.period_name = 'previous'
left join {{ ref('mart_refurbisher_confidence') }} as confidence
    on suppliers.supplier_id = confidence.supplier_id
