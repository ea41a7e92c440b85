-- A complete month has the grades of the fact, and its baseline those of the six months before.
with months as (
    select distinct
        month_start_date,
        {{ dbt.dateadd('month', -6, 'month_start_date') }} as baseline_start
    from {{ ref('dim_dates') }}
    where month_end_date <= as_of_date
),

grades as (
    {% for source in ['assigned', 'reference', 'verified'] %}
    select
        '{{ source }}' as grade_source,
        evaluation_month,
        count(*) as evaluations
    from {{ ref('fct_evaluations') }}
    where {{ source }}_grade is not null
    group by evaluation_month
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        grades.grade_source,
        months.month_start_date as evaluation_month,
        coalesce(sum(grades.evaluations) filter (
            where grades.evaluation_month = months.month_start_date
        ), 0) as evaluations,
        coalesce(sum(grades.evaluations) filter (
            where grades.evaluation_month < months.month_start_date
        ), 0) as baseline_evaluations
    from months
    inner join grades
        on
            months.baseline_start <= grades.evaluation_month
            and months.month_start_date >= grades.evaluation_month
    group by grades.grade_source, months.month_start_date
)

select
    coalesce(counted.grade_source, drift.grade_source) as grade_source,
    coalesce(counted.evaluation_month, drift.evaluation_month) as evaluation_month,
    drift.alert_level
from counted
full outer join {{ ref('mart_grade_drift') }} as drift
    on
        counted.grade_source = drift.grade_source
        and counted.evaluation_month = drift.evaluation_month
where
    counted.evaluations is distinct from drift.evaluations
    or counted.baseline_evaluations is distinct from drift.baseline_evaluations
    or (
        drift.alert_level in ('watch', 'alert')
        and not (drift.stability_index >= {{ var('drift_watch_index') }} and drift.p_value < 0.01)
    )
