-- The marts of the grade model add up to the audited evaluations that it could not know, and what is
-- called right in them is what the fact calls right.
with evaluations as (
    select
        *,
        verified_grade is not null as is_judged
    from {{ ref('fct_evaluations') }}
    where is_out_of_time
),

sold as (
    select coalesce(sum(order_lines.ordered_units), 0) as units
    from {{ ref('fct_order_lines') }} as order_lines
    where
        order_lines.returned_units is not null
        and order_lines.offer_version_id in (select offer_version_id from evaluations)
        and order_lines.order_month in (
            select date_day from {{ ref('dim_dates') }} where is_mature_30d
        )
        and order_lines.order_date >= (select max(trained_until) from {{ ref('dim_grade_models') }})
),

fact as (
    select
        count(*) filter (where is_judged) as judged,
        count(*) filter (where reference_grade = verified_grade) as model_right,
        count(*) filter (where assigned_grade = verified_grade) as refurbisher_right,
        count(is_dispute_upheld) as settled,
        count(*) filter (where is_dispute_upheld) as upheld,
        max(sold.units) as units
    from evaluations
    cross join sold
),

sums as (
    {% for predictor in ['model', 'refurbisher'] -%}
    {% for mart, counted in [
        ('confusion', 'evaluation_count'), ('classes', 'verified_count'),
        ('classes', 'predicted_count'), ('quality', 'evaluation_count'),
    ] -%}
    select
        '{{ predictor }} {{ mart }} {{ counted }}' as what,
        coalesce(sum({{ counted }}), 0) as found,
        coalesce(sum({{
            'case when verified_grade = predicted_grade then evaluation_count end'
            if mart == 'confusion' else 'correct_count'
        }}), 0) as found_right,
        max(fact.judged) as expected,
        max(fact.{{ predictor }}_right) as expected_right
    from fact
    left join {{ ref('mart_grade_model_' ~ mart) }} as marts
        on marts.predictor = '{{ predictor }}'
    union all
    {% endfor -%}
    {% endfor -%}
    select
        'calibration',
        coalesce(sum(marts.evaluation_count), 0),
        coalesce(sum(marts.correct_count), 0),
        max(fact.judged),
        max(fact.model_right)
    from fact
    left join {{ ref('mart_grade_model_calibration') }} as marts
        on true
    {% for evidence, observed, confirmed in [
        ('laboratory_audit', 'judged', 'judged - refurbisher_right'),
        ('grade_dispute', 'settled', 'upheld'), ('condition_return', 'units', 'null'),
    ] -%}
    union all
    select
        '{{ evidence }}',
        coalesce(sum(marts.observed_count), 0),
        coalesce(sum(marts.confirmed_count), 0),
        max({{ observed }}),
        max({{ confirmed }})
    from fact
    left join {{ ref('mart_grade_model_outcomes') }} as marts
        on marts.evidence = '{{ evidence }}'
    {% endfor -%}
)

select *
from sums
where
    found is distinct from coalesce(expected, 0)
    or found_right <> expected_right
