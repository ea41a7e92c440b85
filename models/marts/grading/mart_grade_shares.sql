-- How the grades of a month are spread, beside those of the six complete months before.
-- Grain: one row per (grade_source, evaluation_month, grade) of the scale, complete months from the
-- first evaluation on.
with graded as (
    {% for source in ['assigned', 'reference', 'verified'] %}
    select
        '{{ source }}' as grade_source,
        {{ source }}_grade as grade,
        evaluation_month,
        count(*) as evaluations
    from {{ ref('fct_evaluations') }}
    where {{ source }}_grade is not null
    group by {{ source }}_grade, evaluation_month
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

first_months as (
    select
        grade_source,
        min(evaluation_month) as first_month
    from graded
    group by grade_source
),

cells as (
    select
        first_months.grade_source,
        months.date_day as evaluation_month,
        grade_scale.grade,
        grade_scale.grade_rank,
        months.as_of_date
    from {{ ref('dim_dates') }} as months
    inner join first_months
        on months.date_day >= first_months.first_month
    cross join {{ ref('grade_scale') }} as grade_scale
    where months.date_day = months.month_start_date and months.month_end_date <= months.as_of_date
),

counted as (
    select
        cells.grade_source,
        cells.evaluation_month,
        cells.grade,
        cells.grade_rank,
        cells.as_of_date,
        coalesce(graded.evaluations, 0) as evaluations,
        cast(coalesce(sum(graded.evaluations) over (
            partition by cells.grade_source, cells.grade
            order by cells.evaluation_month rows between 6 preceding and 1 preceding
        ), 0) as bigint) as baseline_evaluations
    from cells
    left join graded
        on
            cells.grade_source = graded.grade_source
            and cells.grade = graded.grade
            and cells.evaluation_month = graded.evaluation_month
)

select
    grade_source,
    evaluation_month,
    grade,
    grade_rank,
    evaluations,
    {{ rate(
        'evaluations', 'sum(evaluations) over (partition by grade_source, evaluation_month)'
    ) }} as share_of_month,
    baseline_evaluations,
    {{ rate(
        'baseline_evaluations',
        'sum(baseline_evaluations) over (partition by grade_source, evaluation_month)'
    ) }} as share_of_baseline,
    as_of_date
from counted
