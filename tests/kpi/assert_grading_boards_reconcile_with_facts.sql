-- Days of the market board add up to the facts between the first evaluation and as_of_date, its
-- classes of gaps to what is compared, and its tiles to its days.
with days as (
    select
        min(date_day) as first_day,
        max(date_day) as last_day,
        count(*) as days_shown,
        sum(evaluations) as evaluations,
        sum(validated_gradings) as validated_gradings,
        sum(accepted_suggestions) as accepted_suggestions,
        sum(important_gap_evaluations) as important_gap_evaluations,
        sum(no_gap_evaluations + slight_gap_evaluations + important_gap_evaluations) as classed,
        sum(compared_evaluations) as compared_evaluations,
        sum(justifications) as justifications,
        sum(corrected_gradings) as corrected_gradings,
        sum(returns_requested) as returns_requested,
        sum(claims_opened + grade_disputes_opened) as disputes_opened,
        sum(disputes_closed) as disputes_closed,
        sum(matured_units) as matured_units,
        sum(returned_units_30d) as returned_units_30d
    from {{ ref('mart_grading_daily') }}
),

{% set facts = [
    ('evaluations', 'fct_evaluations', 'evaluated_at', 'true'),
    ('validated_gradings', 'fct_evaluations', 'evaluated_at',
     "facts.decision in ('validated', 'accepted')"),
    ('compared_evaluations', 'fct_evaluations', 'evaluated_at',
     'facts.reference_grade is not null'),
    ('classed', 'fct_evaluations', 'evaluated_at', 'facts.reference_grade is not null'),
    ('justifications', 'fct_evaluations', 'justification_submitted_at', 'true'),
    ('corrected_gradings', 'fct_grade_corrections', 'corrected_at', "facts.status = 'corrected'"),
    ('returns_requested', 'fct_returns', 'requested_at', 'true'),
    ('disputes_opened', 'fct_support_cases', 'opened_at', "facts.case_type <> 'return'"),
    ('disputes_closed', 'fct_support_cases', 'closed_at', "facts.case_type <> 'return'"),
] %}
counted as (
    {% for measure, fact, moment, condition in facts -%}
    select
        '{{ measure }}' as measure,
        count(*) as fact_count
    from {{ ref(fact) }} as facts
    cross join days
    where
        {{ reporting_date('facts.' ~ moment) }} between days.first_day and days.last_day
        and {{ condition }}
    union all
    {% endfor -%}
    select
        'units' as measure,
        coalesce(sum(facts.ordered_units + facts.returned_units_30d), 0) as fact_count
    from {{ ref('fct_order_lines') }} as facts
    cross join days
    where
        facts.order_date between {{ dbt.dateadd('day', -30, 'days.first_day') }}
        and {{ dbt.dateadd('day', -30, 'days.last_day') }}
),

compared as (
    select
        counted.measure,
        counted.fact_count,
        case counted.measure
            {% for measure, fact, moment, condition in facts -%}
            when '{{ measure }}' then days.{{ measure }}
            {% endfor -%}
            else days.matured_units + days.returned_units_30d
        end as mart_count
    from counted
    cross join days
),

tiles as (
    select
        sum(numerator) filter (where tile_id = 'acceptance_rate') as accepted,
        sum(numerator) filter (where tile_id = 'important_gaps') as important_gaps,
        count(*) as cards
    from {{ ref('mart_grading_tiles') }}
),

kinds as (
    select count(*) as tiles_shown from {{ ref('grading_tiles') }}
)

select
    measure,
    fact_count,
    mart_count
from compared
where mart_count <> fact_count

union all

select
    'tiles' as measure,
    days.days_shown as fact_count,
    tiles.cards as mart_count
from tiles
cross join days
cross join kinds
where
    tiles.cards <> days.days_shown * kinds.tiles_shown
    or tiles.accepted <> days.accepted_suggestions
    or tiles.important_gaps <> days.important_gap_evaluations
