-- An alert has a value beyond its threshold; every month that drifts and every refurbisher whose
-- confidence is low has one; and a refurbisher's trend counts the evaluations of the fact.
with alerts as (
    select * from {{ ref('mart_alerts') }}
),

expected as (
    select
        'grade_drift' as rule_id,
        concat_ws(' ', grade_source, cast(evaluation_month as string)) as entity_id
    from {{ ref('mart_grade_drift') }}
    where alert_level = 'alert'

    union all

    select
        'low_confidence' as rule_id,
        supplier_id as entity_id
    from {{ ref('mart_refurbisher_confidence') }}
    where confidence_class = 'to_improve'
),

quarters as (
    select
        evaluations.supplier_id,
        trend.latest_quarter,
        count(*) as evaluations
    from {{ ref('mart_refurbisher_trend') }} as trend
    inner join {{ ref('fct_evaluations') }} as evaluations
        on
            trend.supplier_id = evaluations.supplier_id
            and evaluations.grade_gap_abs is not null
            and evaluations.evaluation_date
            >= {{ dbt.dateadd('month', -3, 'trend.latest_quarter') }}
            and evaluations.evaluation_date < {{ dbt.dateadd('month', 3, 'trend.latest_quarter') }}
    group by evaluations.supplier_id, trend.latest_quarter
)

select
    coalesce(expected.rule_id, alerts.rule_id) as rule_id,
    coalesce(expected.entity_id, alerts.entity_id) as entity_id
from expected
full outer join alerts
    on expected.rule_id = alerts.rule_id and expected.entity_id = alerts.entity_id
where
    alerts.rule_id is null
    or (expected.rule_id is null and alerts.rule_id in ('grade_drift', 'low_confidence'))
    or alerts.judged_value = alerts.threshold
    or (alerts.rule_id = 'low_confidence') <> (alerts.judged_value < alerts.threshold)

union all

select
    'trend' as rule_id,
    trend.supplier_id as entity_id
from {{ ref('mart_refurbisher_trend') }} as trend
inner join quarters
    on trend.supplier_id = quarters.supplier_id
where trend.latest_evaluations + trend.previous_evaluations <> quarters.evaluations
