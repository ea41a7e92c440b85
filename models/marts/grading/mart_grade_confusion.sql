-- Who gave which grade where the laboratory found which, and the refurbisher's grades against those
-- they are judged by (matrice de confusion).
-- Grain: one row per (grader, compared_with, supplier_id, compared_grade, given_grade) that occurs.
{% set pairs = [
    ('assigned', 'verified'), ('reference', 'verified'), ('suggested', 'verified'),
    ('assigned', 'reference'),
] -%}
with evaluations as (
    select * from {{ ref('fct_evaluations') }}
),

grade_scale as (
    select * from {{ ref('grade_scale') }}
),

paired as (
    {% for grader, other in pairs %}
    select
        '{{ grader }}' as grader,
        '{{ other }}' as compared_with,
        supplier_id,
        {{ other }}_grade as compared_grade,
        {{ grader }}_grade as given_grade,
        count(*) as evaluations
    from evaluations
    group by supplier_id, {{ other }}_grade, {{ grader }}_grade
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

-- a pair needs both of its grades
select
    paired.grader,
    paired.compared_with,
    paired.supplier_id,
    paired.compared_grade,
    paired.given_grade,
    compared.grade_rank as compared_rank,
    given.grade_rank as given_rank,
    paired.evaluations
from paired
inner join grade_scale as compared
    on paired.compared_grade = compared.grade
inner join grade_scale as given
    on paired.given_grade = given.grade
