-- The market board by day: what refurbishers graded and what was suggested to them, what they did
-- about it, and what customers sent back, disputed and thought of it.
-- Grain: one row per date_day from the first evaluation to as_of_date.
with evaluations as (
    select
        evaluation_date,
        count(*) as evaluations,
        count(*) filter (where suggestion_gap_abs > 0) as suggestions_shown,
        count(*) filter (where suggestion_gap_abs > 0 and decision = 'accepted')
            as accepted_suggestions,
        count(*) filter (where decision in ('validated', 'accepted')) as validated_gradings,
        count(grade_gap_abs) as compared_evaluations,
        count(*) filter (where gap_class = 'none') as no_gap_evaluations,
        count(*) filter (where gap_class = 'slight') as slight_gap_evaluations,
        count(*) filter (where gap_class = 'important') as important_gap_evaluations
    from {{ ref('fct_evaluations') }}
    group by evaluation_date
),

justified as (
    select
        {{ reporting_date('justification_submitted_at') }} as date_day,
        count(*) as justifications
    from {{ ref('fct_evaluations') }}
    group by {{ reporting_date('justification_submitted_at') }}
),

corrected as (
    select
        {{ reporting_date('corrected_at') }} as date_day,
        count(*) as corrected_gradings,
        count(*) filter (where price_after <> price_before) as repriced_gradings
    from {{ ref('fct_grade_corrections') }}
    where status = 'corrected'
    group by {{ reporting_date('corrected_at') }}
),

sources as (
    select bool_or(is_present) as has_corrections
    from {{ ref('dim_sources') }}
    where source_table = 'grade_corrections'
),

counted as (
    select
        service.*,
        {% for measure in [
            'evaluations', 'suggestions_shown', 'accepted_suggestions', 'validated_gradings',
            'compared_evaluations', 'no_gap_evaluations', 'slight_gap_evaluations',
            'important_gap_evaluations',
        ] -%}
        coalesce(evaluations.{{ measure }}, 0) as {{ measure }},
        {% endfor -%}
        coalesce(justified.justifications, 0) as justifications,
        case when sources.has_corrections then coalesce(corrected.corrected_gradings, 0) end
            as corrected_gradings,
        case when sources.has_corrections then coalesce(corrected.repriced_gradings, 0) end
            as repriced_gradings
    from {{ ref('mart_grading_daily_service') }} as service
    cross join sources
    left join evaluations
        on service.date_day = evaluations.evaluation_date
    left join justified
        on service.date_day = justified.date_day
    left join corrected
        on service.date_day = corrected.date_day
)

select
    date_day,
    evaluations,
    suggestions_shown,
    accepted_suggestions,
    {{ rate_with_bounds('accepted_suggestions', 'suggestions_shown', 'acceptance_rate') }},
    validated_gradings,
    {{ rate_with_bounds('validated_gradings', 'evaluations', 'validated_rate') }},
    justifications,
    compared_evaluations,
    no_gap_evaluations,
    slight_gap_evaluations,
    important_gap_evaluations,
    corrected_gradings,
    repriced_gradings,
    {{ rate_with_bounds('repriced_gradings', 'corrected_gradings', 'price_adjustment_rate') }},
    returns_requested,
    matured_units,
    returned_units_30d,
    {{ rate_with_bounds('returned_units_30d', 'matured_units', 'return_30d_rate') }},
    claims_opened,
    grade_disputes_opened,
    disputes_closed,
    resolution_hours_sum,
    {{ rate('resolution_hours_sum', 'disputes_closed') }} as mean_resolution_hours,
    perceived_grades,
    perceived_gap_sum,
    {{ rate('perceived_gap_sum', 'perceived_grades') }} as mean_perceived_gap
from counted
