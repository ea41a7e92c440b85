-- Do people stay away, and how dissatisfied are they, after a refusal? Set against each other group
-- as it is, and against new or returning customers of the same categories and order months of it.
-- Grain: one row per (measure, control_group).
{% set controls = ['effective_control_successes', 'effective_control_trials'] -%}
{% set matched_parts = ['matched_refused_successes', 'matched_refused_trials'] + controls -%}
with outcomes as (
    select * from {{ ref('mart_refusal_outcomes') }}
),

cells as (
    {% for measure, trials, successes in [
        ('retention', 'followed_up_people', 'retained_people'),
        ('csat', 'rated_events', 'satisfied_events'),
    ] -%}
    select
        '{{ measure }}' as measure,
        category,
        order_month,
        customer_type,
        outcome_group,
        {{ trials }} as trials,
        {{ successes }} as successes
    from outcomes
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

totals as (
    select
        measure,
        outcome_group,
        cast(sum(trials) as bigint) as trials,
        cast(sum(successes) as bigint) as successes
    from cells
    group by measure, outcome_group
),

-- each control cell counts as often as people were refused there; decimals add up in any order
matched as (
    select
        refused.measure,
        controls.outcome_group,
        cast(sum(refused.trials) as bigint) as trials,
        cast(sum(refused.successes) as bigint) as successes,
        sum(cast(
            cast(refused.trials as double) * controls.successes / controls.trials
            as decimal(28, 12)
        )) as expected_successes,
        sum(cast(
            cast(refused.trials as double) * refused.trials / controls.trials as decimal(28, 12)
        )) as squared_weights
    from cells as refused
    inner join cells as controls
        on
            refused.measure = controls.measure
            and refused.category = controls.category
            and refused.order_month = controls.order_month
            and refused.customer_type = controls.customer_type
    where refused.outcome_group = 'refused' and refused.trials > 0 and controls.trials > 0
    group by refused.measure, controls.outcome_group
),

counted as (
    select
        controls.measure,
        controls.outcome_group as control_group,
        {% for part in ['trials', 'successes'] -%}
        case when controls.trials is not null then coalesce(refused.{{ part }}, 0) end
            as refused_{{ part }},
        controls.{{ part }} as control_{{ part }},
        case when controls.trials is not null then coalesce(matched.{{ part }}, 0) end
            as matched_refused_{{ part }},
        {% endfor -%}
        cast(matched.expected_successes as decimal(28, 12)) as expected_control_successes,
        -- as many people would tell as much of one rate as these do of a weighted one
        cast(
            cast(matched.trials as double) * matched.trials / matched.squared_weights
            as decimal(28, 12)
        ) as effective_control_trials,
        cast(
            cast(matched.trials as double) * matched.expected_successes / matched.squared_weights
            as decimal(28, 12)
        ) as effective_control_successes
    from totals as controls
    left join totals as refused
        on controls.measure = refused.measure and refused.outcome_group = 'refused'
    left join matched
        on
            controls.measure = matched.measure
            and controls.outcome_group = matched.outcome_group
    where controls.outcome_group <> 'refused'
)

select
    *,
    {{ rate_with_bounds('refused_successes', 'refused_trials', 'refused_rate') }},
    {{ rate_with_bounds('control_successes', 'control_trials', 'control_rate') }},
    {{ difference_with_bounds(
        'refused_successes', 'refused_trials', 'control_successes', 'control_trials',
        'crude_difference'
    ) }},
    {{ rate('matched_refused_trials', 'refused_trials') }} as matched_coverage_rate,
    {{ rate('matched_refused_successes', 'matched_refused_trials') }} as matched_refused_rate,
    {{ rate('expected_control_successes', 'matched_refused_trials') }} as matched_control_rate,
    {{ rate('matched_refused_successes', 'matched_refused_trials') }}
    - {{ rate('expected_control_successes', 'matched_refused_trials') }} as matched_difference,
    {{ newcombe_low(*matched_parts) }} as matched_difference_low,
    {{ newcombe_high(*matched_parts) }} as matched_difference_high
from counted
