-- Trials are people followed up, or events rated, of the cells; differences are those of the rates
-- and lie between their bounds; and nothing is matched that was not refused.
with people as (
    select
        outcome_group,
        sum(followed_up_people) as followed_up_people,
        sum(retained_people) as retained_people,
        sum(rated_events) as rated_events,
        sum(satisfied_events) as satisfied_events
    from {{ ref('mart_refusal_outcomes') }}
    group by outcome_group
),

refused as (
    select * from people
    where outcome_group = 'refused'
),

compared as (
    select
        comparison.*,
        case
            when comparison.measure = 'csat' then people.rated_events
            else people.followed_up_people
        end as expected_control_trials,
        case
            when comparison.measure = 'csat' then people.satisfied_events
            else people.retained_people
        end as expected_successes,
        case
            when comparison.measure = 'csat' then refused.rated_events
            else refused.followed_up_people
        end as expected_refused_trials
    from {{ ref('mart_refusal_comparison') }} as comparison
    left join people
        on comparison.control_group = people.outcome_group
    left join refused
        on refused.outcome_group = 'refused'
),

differences as (
    {% for prefix, first, second in [
        ('crude', 'refused_rate', 'control_rate'),
        ('matched', 'matched_refused_rate', 'matched_control_rate'),
    ] -%}
    select
        measure,
        control_group,
        {{ first }} - {{ second }} as expected_difference,
        {{ prefix }}_difference as difference,
        {{ prefix }}_difference_low as low,
        {{ prefix }}_difference_high as high
    from compared
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    measure,
    control_group
from compared
where
    control_trials is distinct from expected_control_trials
    or control_successes is distinct from expected_successes
    or refused_trials <> coalesce(expected_refused_trials, 0)
    or matched_refused_trials > refused_trials
    or matched_refused_successes > refused_successes
    or expected_control_successes > matched_refused_trials
    or effective_control_trials > control_trials + 1E-6

union all

select
    measure,
    control_group
from differences
where
    coalesce(
        abs(difference - expected_difference) > 1E-12,
        (difference is null) <> (expected_difference is null)
    )
    or not (-1 <= low and low <= difference + 1E-12 and difference <= high + 1E-12 and high <= 1)
