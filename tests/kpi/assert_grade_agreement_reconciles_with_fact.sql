-- Each comparison has a pair of grades for every evaluation with both; what agrees with the
-- reference is conform in the fact, and what is above it over-graded. Refurbishers add up to the
-- marketplace.
with fact as (
    {% for grader, other in [
        ('assigned', 'verified'), ('reference', 'verified'), ('suggested', 'verified'),
        ('assigned', 'reference'),
    ] %}
    select
        '{{ grader }}' as grader,
        '{{ other }}' as compared_with,
        count(*) as evaluations,
        count(*) filter (where {{ grader }}_grade = {{ other }}_grade) as exact_evaluations,
        {% if other == 'reference' %}
        count(*) filter (where is_overgraded) as overgraded_evaluations,
        coalesce(sum(grade_gap_signed), 0) as grade_gap_sum
        {% else %}
        null as overgraded_evaluations,
        null as grade_gap_sum
        {% endif %}
    from {{ ref('fct_evaluations') }}
    where {{ grader }}_grade is not null and {{ other }}_grade is not null
    having count(*) > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

agreement as (
    select
        grader,
        compared_with,
        dimension_name,
        sum(evaluations) as evaluations,
        sum(exact_evaluations) as exact_evaluations,
        sum(overgraded_evaluations) as overgraded_evaluations,
        sum(grade_gap_sum) as grade_gap_sum
    from {{ ref('mart_grade_agreement') }}
    group by grader, compared_with, dimension_name
),

dimensions as (
    select 'marketplace' as dimension_name
    union all
    select 'supplier' as dimension_name
)

select
    fact.grader,
    fact.compared_with,
    dimensions.dimension_name,
    fact.evaluations
from fact
cross join dimensions
left join agreement
    on
        fact.grader = agreement.grader
        and fact.compared_with = agreement.compared_with
        and dimensions.dimension_name = agreement.dimension_name
where
    fact.evaluations is distinct from agreement.evaluations
    or fact.exact_evaluations is distinct from agreement.exact_evaluations
    or fact.overgraded_evaluations <> agreement.overgraded_evaluations
    or fact.grade_gap_sum <> agreement.grade_gap_sum
