-- What needs a look: checks that warn or fail, and tests and models that did not pass. A monitor
-- whose warning is also a test stands here as both, by table and by test.
-- Grain: one row per (finding_type, finding_name, source_table).
with build_checks as (
    select * from {{ ref('build_checks') }}
),

node_outcomes as (
    select * from {{ ref('node_outcomes') }}
),

health_checks as (
    select * from {{ ref('health_checks') }}
)

select
    'check' as finding_type,
    check_name as finding_name,
    source_table,
    case when status = 'fail' then 'failed' else 'warned' end as outcome,
    measured_value,
    threshold,
    unit,
    remedy_en,
    remedy_fr
from build_checks
where status in ('warn', 'fail')

union all

select
    node_outcomes.node_type as finding_type,
    node_outcomes.node_name as finding_name,
    'all' as source_table,
    node_outcomes.outcome,
    cast(node_outcomes.failing_rows as double) as measured_value,
    0E0 as threshold,
    health_checks.unit,
    health_checks.remedy_en,
    health_checks.remedy_fr
from node_outcomes
inner join health_checks
    on node_outcomes.node_type = health_checks.check_name
where node_outcomes.outcome <> 'passed'
