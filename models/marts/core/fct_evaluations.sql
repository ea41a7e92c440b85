-- Every evaluation of a device, with the grades that were assigned, suggested and verified, and the
-- gap between the assigned grade and the one that it is compared with.
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

evaluation_references as (
    select * from {{ ref('int_evaluation_references') }}
),

gaps as (
    select * from {{ ref('int_evaluation_gaps') }}
),

audit_roles as (
    select * from {{ ref('int_grade_audit_roles') }}
),

disputes as (
    select * from {{ ref('int_evaluation_disputes') }}
),

models as (
    select trained_until from {{ grade_model() }}
)

select
    -- keys
    evaluations.evaluation_id,
    coalesce(
        {{ keyed_hash('device', 'evaluations.serial_number') }}, evaluations.evaluation_id
    ) as device_id,
    evaluations.offer_version_id,
    evaluations.supplier_id,
    evaluations.product_id,

    -- attributes
    evaluations.assigned_grade,
    evaluations.suggested_grade,
    evaluation_references.reference_grade,
    evaluation_references.reference_source,
    audits.verified_grade,
    evaluations.decision,
    evaluations.model_version,
    gaps.gap_class,
    gaps.required_step,

    -- measures
    evaluations.screen_state,
    evaluations.body_state,
    checks.checks_passed,
    checks.checks_done,
    cast(checks.checks_passed as double) / nullif(checks.checks_done, 0) as functional_score,
    evaluations.battery_health_pct,
    evaluations.photo_count,
    evaluation_references.reference_confidence,
    gaps.grade_gap_signed,
    gaps.grade_gap_abs,
    gaps.suggestion_gap_abs,

    -- booleans
    gaps.is_conform,
    gaps.is_overgraded,
    disputes.is_dispute_upheld,
    case
        when evaluation_references.reference_source = 'model'
            then coalesce(audit_roles.is_trained_on, false)
    end as is_trained_on,
    case
        when evaluation_references.reference_source = 'model'
            then {{ reporting_date('evaluations.evaluated_at') }} >= models.trained_until
    end as is_out_of_time,

    -- times
    {{ reporting_date('evaluations.evaluated_at') }} as evaluation_date,
    {{ reporting_month('evaluations.evaluated_at') }} as evaluation_month,
    evaluations.evaluated_at,
    evaluations.justification_submitted_at,
    audits.audited_at
from evaluations
inner join checks
    on evaluations.evaluation_id = checks.evaluation_id
inner join gaps
    on evaluations.evaluation_id = gaps.evaluation_id
left join audits
    on evaluations.evaluation_id = audits.evaluation_id
left join evaluation_references
    on evaluations.evaluation_id = evaluation_references.evaluation_id
left join audit_roles
    on evaluations.evaluation_id = audit_roles.evaluation_id
left join disputes
    on evaluations.evaluation_id = disputes.evaluation_id
cross join models
