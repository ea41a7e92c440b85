-- Returns, disputes and perceived grades by day. The returns of a day are those of the orders of 30
-- days before, whose window ends with it: so no day looks good because it is young.
-- Grain: one row per date_day from the first evaluation to as_of_date.
with first_evaluation as (
    select min(evaluation_date) as first_date from {{ ref('fct_evaluations') }}
),

sources as (
    select
        bool_or(is_present and source_table = 'return_lines') as has_return_lines,
        bool_or(is_present and source_table = 'claims') as has_claims,
        bool_or(is_present and source_table = 'ratings') as has_ratings
    from {{ ref('dim_sources') }}
),

matured as (
    select
        {{ dbt.dateadd('day', 30, 'order_date') }} as date_day,
        sum(ordered_units) as matured_units,
        sum(returned_units_30d) as returned_units_30d
    from {{ ref('fct_order_lines') }}
    group by order_date
),

requested as (
    select
        {{ reporting_date('requested_at') }} as date_day,
        count(*) as returns_requested
    from {{ ref('fct_returns') }}
    group by {{ reporting_date('requested_at') }}
),

opened as (
    select
        {{ reporting_date('opened_at') }} as date_day,
        count(*) filter (where case_type = 'claim') as claims_opened,
        count(*) filter (where case_type = 'grade_dispute') as grade_disputes_opened
    from {{ ref('fct_support_cases') }}
    group by {{ reporting_date('opened_at') }}
),

closed as (
    select
        {{ reporting_date('closed_at') }} as date_day,
        count(*) as disputes_closed,
        {{ sum_of_days('resolution_days') }} * 24 as resolution_hours_sum
    from {{ ref('fct_support_cases') }}
    where case_type <> 'return'
    group by {{ reporting_date('closed_at') }}
),

perceived as (
    select
        {{ reporting_date('ratings.rated_at') }} as date_day,
        count(*) as perceived_grades,
        sum(perceived.grade_rank - announced.grade_rank) as perceived_gap_sum
    from {{ ref('fct_ratings') }} as ratings
    inner join {{ ref('fct_order_lines') }} as order_lines
        on ratings.order_line_id = order_lines.order_line_id
    inner join {{ ref('dim_offers') }} as offers
        on order_lines.offer_version_id = offers.offer_version_id
    inner join {{ ref('grade_scale') }} as perceived
        on ratings.perceived_grade = perceived.grade
    inner join {{ ref('grade_scale') }} as announced
        on offers.announced_grade = announced.grade
    where ratings.is_latest_in_phase
    group by {{ reporting_date('ratings.rated_at') }}
)

select
    calendar.date_day,
    {% for known_when, source, measure in [
        ('has_return_lines', 'requested', 'returns_requested'),
        ('has_return_lines', 'matured', 'matured_units'),
        ('has_return_lines', 'matured', 'returned_units_30d'),
        ('has_claims', 'opened', 'claims_opened'),
        ('has_claims', 'opened', 'grade_disputes_opened'),
        ('has_claims', 'closed', 'disputes_closed'),
        ('has_ratings', 'perceived', 'perceived_grades'),
        ('has_ratings', 'perceived', 'perceived_gap_sum'),
    ] -%}
    cast(case
        when sources.{{ known_when }} then coalesce({{ source }}.{{ measure }}, 0)
    end as bigint) as {{ measure }},
    {% endfor -%}
    case when sources.has_claims then coalesce(closed.resolution_hours_sum, 0E0) end
        as resolution_hours_sum
from {{ ref('dim_dates') }} as calendar
inner join first_evaluation
    on calendar.date_day between first_evaluation.first_date and calendar.as_of_date
cross join sources
left join matured
    on calendar.date_day = matured.date_day
left join requested
    on calendar.date_day = requested.date_day
left join opened
    on calendar.date_day = opened.date_day
left join closed
    on calendar.date_day = closed.date_day
left join perceived
    on calendar.date_day = perceived.date_day
