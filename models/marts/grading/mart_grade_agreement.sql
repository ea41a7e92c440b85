-- How far graders agree, on the marketplace and by refurbisher: exactly, within one grade, and
-- beyond what chance brings (Cohen's kappa, weighted by the distance).
-- Grain: one row per (grader, compared_with, dimension_name, dimension_value) with an evaluation.
with confusion as (
    {% for dimension, value in [('marketplace', "'all'"), ('supplier', 'supplier_id')] %}
    select
        grader,
        compared_with,
        '{{ dimension }}' as dimension_name,
        {{ value }} as dimension_value,
        compared_rank,
        given_rank,
        evaluations
    from {{ ref('mart_grade_confusion') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

agreement as (
    select
        grader,
        compared_with,
        dimension_name,
        dimension_value,
        cast(sum(evaluations) as bigint) as evaluations,
        cast(sum(case
            when given_rank = compared_rank then evaluations else 0
        end) as bigint) as exact_evaluations,
        cast(sum(case
            when abs(given_rank - compared_rank) <= 1 then evaluations else 0
        end) as bigint) as adjacent_evaluations,
        cast(sum(case
            when given_rank > compared_rank then evaluations else 0
        end) as bigint) as overgraded_evaluations,
        cast(sum(evaluations * (given_rank - compared_rank)) as bigint) as grade_gap_sum,
        {{ cohen_kappa('compared_rank', 'given_rank', 'none', 'evaluations') }} as kappa,
        {{ cohen_kappa('compared_rank', 'given_rank', 'linear', 'evaluations') }} as linear_kappa,
        {{ cohen_kappa('compared_rank', 'given_rank', 'quadratic', 'evaluations') }}
            as quadratic_kappa
    from confusion
    group by grader, compared_with, dimension_name, dimension_value
)

select
    grader,
    compared_with,
    dimension_name,
    dimension_value,
    evaluations,
    exact_evaluations,
    {{ rate_with_bounds('exact_evaluations', 'evaluations', 'exact_agreement_rate') }},
    adjacent_evaluations,
    {{ rate_with_bounds('adjacent_evaluations', 'evaluations', 'adjacent_agreement_rate') }},
    overgraded_evaluations,
    {{ rate_with_bounds('overgraded_evaluations', 'evaluations', 'overgraded_rate') }},
    grade_gap_sum,
    {{ rate('grade_gap_sum', 'evaluations') }} as mean_grade_gap,
    kappa,
    linear_kappa,
    quadratic_kappa
from agreement
