-- What someone should look at in the grading of devices, by the rules of grading_alert_rules.
-- Grain: one row per (rule_id, entity_type, entity_id) whose rule is broken.
with measures as (
    select * from {{ ref('mart_alert_measures') }}
),

rules as (
    select * from {{ ref('grading_alert_rules') }}
),

as_of_date as (
    select max(as_of_date) as as_of_date from {{ ref('dim_dates') }}
)

select
    rules.rule_id,
    rules.entity_type,
    measures.entity_id,
    rules.severity,
    rules.name_en,
    rules.name_fr,
    measures.cases,
    measures.measured_value,
    measures.judged_value,
    rules.threshold,
    measures.since_date,
    as_of_date.as_of_date
from measures
inner join rules
    on measures.rule_id = rules.rule_id
cross join as_of_date
where
    measures.cases >= rules.min_cases
    and case
        when rules.is_upper_limit then measures.judged_value > rules.threshold
        else measures.judged_value < rules.threshold
    end
