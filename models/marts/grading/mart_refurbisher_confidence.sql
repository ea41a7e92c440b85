-- How far the grades of a refurbisher can be trusted: a score from 0 to 1, its class, and what it
-- is made of. Seed confidence_weights says what counts how much; as it stands, closeness alone
-- does.
-- Grain: one row per supplier_id with an evaluation.
{% set components = {
    'closeness': 'parts.shrunk_closeness',
    'concordance': 'parts.concordance_rate',
    'restraint': '(1 - parts.overgraded_rate)',
    'undisputed': '(1 - parts.upheld_dispute_rate)',
    'as_described': 'parts.as_described',
} -%}
with parts as (
    select
        *,
        case
            when condition_returned_units <= expected_condition_returned_units then 1E0
            else expected_condition_returned_units / condition_returned_units
        end as as_described
    from {{ ref('mart_refurbisher_components') }}
),

weights as (
    select
        max(case when component = 'closeness' then weight end) as closeness,
        max(case when component = 'concordance' then weight end) as concordance,
        max(case when component = 'restraint' then weight end) as restraint,
        max(case when component = 'undisputed' then weight end) as undisputed,
        max(case when component = 'as_described' then weight end) as as_described
    from {{ ref('confidence_weights') }}
),

weighted as (
    -- a component that nothing is known of takes its weight along
    select
        parts.supplier_id,
        {% for component, score in components.items() -%}
        coalesce(weights.{{ component }} * {{ score }}, 0E0){{ ' + ' if not loop.last }}
        {% endfor %} as weighted_sum,
        {% for component, score in components.items() -%}
        case when {{ score }} is not null then weights.{{ component }} else 0 end
        {{- ' + ' if not loop.last }}
        {% endfor %} as weight_sum
    from parts
    cross join weights
),

scored as (
    select
        supplier_id,
        {{ rate('weighted_sum', 'weight_sum') }} as confidence_score
    from weighted
)

select
    parts.supplier_id,
    case
        when parts.compared_evaluations < {{ var('min_compared_evaluations') }}
            then 'not_enough_data'
        when scored.confidence_score >= {{ var('reliable_confidence_min') }} then 'reliable'
        else 'to_improve'
    end as confidence_class,
    parts.compared_evaluations,
    scored.confidence_score,
    {% for column in [
        'shrunk_closeness', 'closeness', 'market_closeness', 'evaluation_correlation',
    ] -%}
    parts.{{ column }},
    {% endfor -%}
    1E0 / nullif(parts.evaluation_correlation, 0) - 1 as prior_evaluations,
    parts.conform_evaluations,
    parts.concordance_rate,
    parts.mean_grade_gap,
    parts.overgraded_evaluations,
    parts.overgraded_rate,
    parts.decided_disputes,
    parts.upheld_disputes,
    parts.upheld_dispute_rate,
    parts.condition_returned_units,
    parts.expected_condition_returned_units,
    parts.condition_return_ratio,
    parts.condition_return_ratio_low,
    parts.condition_return_ratio_high,
    parts.as_described as as_described_score
from parts
inner join scored
    on parts.supplier_id = scored.supplier_id
