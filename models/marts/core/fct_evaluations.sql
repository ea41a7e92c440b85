-- Every evaluation of a device, with the grades that were assigned, suggested and verified.
-- Grain: one row per evaluation_id.
with evaluations as (
    select * from {{ ref('int_evaluations_attributed') }}
),

checks as (
    select * from {{ ref('int_evaluation_checks') }}
),

audits as (
    select * from {{ ref('int_evaluation_audits') }}
),

grade_scale as (
    select * from {{ ref('grade_scale') }}
)

select
    -- keys
    evaluations.evaluation_id,
    evaluations.offer_version_id,
    evaluations.supplier_id,
    evaluations.product_id,

    -- attributes
    evaluations.assigned_grade,
    evaluations.suggested_grade,
    audits.verified_grade,
    evaluations.decision,
    evaluations.model_version,

    -- measures
    evaluations.screen_state,
    evaluations.body_state,
    checks.checks_passed,
    checks.checks_done,
    cast(checks.checks_passed as double) / nullif(checks.checks_done, 0) as functional_score,
    evaluations.battery_health_pct,
    evaluations.photo_count,
    assigned.grade_rank - suggested.grade_rank as grade_gap_signed,
    abs(assigned.grade_rank - suggested.grade_rank) as grade_gap_abs,

    -- times
    evaluations.evaluated_at,
    evaluations.justification_submitted_at,
    audits.audited_at
from evaluations
inner join checks
    on evaluations.evaluation_id = checks.evaluation_id
left join audits
    on evaluations.evaluation_id = audits.evaluation_id
left join grade_scale as assigned
    on evaluations.assigned_grade = assigned.grade
left join grade_scale as suggested
    on evaluations.suggested_grade = suggested.grade
