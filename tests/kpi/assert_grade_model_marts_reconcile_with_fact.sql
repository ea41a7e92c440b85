-- The marts of the grade model add up to the audited evaluations that it could not know, and what
-- is called right in them is what the fact calls right.
with evaluations as (
    select
        offer_version_id,
        is_dispute_upheld,
        verified_grade is not null as is_judged,
        reference_grade = verified_grade as is_model_right,
        assigned_grade = verified_grade as is_refurbisher_right
    from {{ ref('fct_evaluations') }}
    where is_out_of_time
),

fact as (
    select
        count(*) filter (where is_judged) as judged,
        count(*) filter (where is_model_right) as model_right,
        count(*) filter (where is_refurbisher_right) as refurbisher_right,
        count(*) filter (where is_judged and not is_refurbisher_right) as refurbisher_wrong,
        count(is_dispute_upheld) as settled,
        count(*) filter (where is_dispute_upheld) as upheld
    from evaluations
),

sold as (
    select
        coalesce(sum(order_lines.ordered_units), 0) as observed,
        cast(null as bigint) as confirmed
    from {{ ref('fct_order_lines') }} as order_lines
    cross join {{ ref('dim_grade_models') }} as models
    where
        order_lines.returned_units is not null
        and order_lines.order_date >= models.trained_until
        and order_lines.offer_version_id in (select evaluations.offer_version_id from evaluations)
        and order_lines.order_month in (
            select dates.month_start_date
            from {{ ref('dim_dates') }} as dates
            where dates.is_mature_30d
        )
),

expected as (
    {% for predictor in ['model', 'refurbisher'] -%}
    {% for mart in ['confusion', 'verified', 'predicted', 'quality'] -%}
    select
        '{{ predictor }} {{ mart }}' as what,
        judged as observed,
        {{ predictor }}_right as confirmed
    from fact
    union all
    {% endfor -%}
    {% endfor -%}
    {% for what, observed, confirmed in [
        ('calibration', 'judged', 'model_right'),
        ('fair brand', 'judged', 'model_right'),
        ('fair supplier_evaluations', 'judged', 'model_right'),
        ('laboratory_audit', 'judged', 'refurbisher_wrong'),
        ('grade_dispute', 'settled', 'upheld'),
    ] -%}
    select
        '{{ what }}' as what,
        {{ observed }} as observed,
        {{ confirmed }} as confirmed
    from fact
    union all
    {% endfor -%}
    select
        'condition_return' as what,
        observed,
        confirmed
    from sold
),

found as (
    select
        concat_ws(' ', predictor, 'confusion') as what,
        evaluation_count as observed,
        case when verified_grade = predicted_grade then evaluation_count else 0 end as confirmed
    from {{ ref('mart_grade_model_confusion') }}
    {% for what, mart, observed in [
        ("concat_ws(' ', predictor, 'verified')", 'classes', 'verified_count'),
        ("concat_ws(' ', predictor, 'predicted')", 'classes', 'predicted_count'),
        ("concat_ws(' ', predictor, 'quality')", 'quality', 'evaluation_count'),
        ("'calibration'", 'calibration', 'evaluation_count'),
        ("concat_ws(' ', 'fair', group_type)", 'fairness', 'evaluation_count'),
    ] -%}
    union all
    select
        {{ what }} as what,
        {{ observed }} as observed,
        correct_count as confirmed
    from {{ ref('mart_grade_model_' ~ mart) }}
    {% endfor -%}
    union all
    select
        evidence as what,
        observed_count as observed,
        confirmed_count as confirmed
    from {{ ref('mart_grade_model_outcomes') }}
),

sums as (
    select
        what,
        sum(observed) as observed,
        sum(confirmed) as confirmed
    from found
    group by what
)

select
    expected.what,
    expected.observed as expected_count,
    sums.observed as found_count
from expected
left join sums
    on expected.what = sums.what
where
    coalesce(sums.observed, 0) <> expected.observed
    or coalesce(sums.confirmed, 0) <> expected.confirmed
