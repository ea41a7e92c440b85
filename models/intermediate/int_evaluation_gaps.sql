-- How far an assigned grade is from the one that it is compared with, and from the one that the
-- refurbisher was shown, which decides what the marketplace asks of the refurbisher.
-- Grain: one row per evaluation_id.
{{ config(materialized='table') }}

with evaluations as (
    select * from {{ ref('stg_marketplace__product_evaluations') }}
),

evaluation_references as (
    select * from {{ ref('int_evaluation_references') }}
),

grade_scale as (
    select * from {{ ref('grade_scale') }}
),

gaps as (
    select
        evaluations.evaluation_id,
        assigned.grade_rank - reference.grade_rank as grade_gap_signed,
        abs(assigned.grade_rank - suggested.grade_rank) as suggestion_gap_abs
    from evaluations
    left join evaluation_references
        on evaluations.evaluation_id = evaluation_references.evaluation_id
    left join grade_scale as assigned
        on evaluations.assigned_grade = assigned.grade
    left join grade_scale as suggested
        on evaluations.suggested_grade = suggested.grade
    left join grade_scale as reference
        on evaluation_references.reference_grade = reference.grade
)

select
    evaluation_id,
    grade_gap_signed,
    abs(grade_gap_signed) as grade_gap_abs,
    suggestion_gap_abs,
    case
        when grade_gap_signed = 0 then 'none'
        when abs(grade_gap_signed) <= {{ var('grade_gap_slight_max') }} then 'slight'
        when grade_gap_signed is not null then 'important'
    end as gap_class,
    case
        when suggestion_gap_abs = 0 then 'none'
        when suggestion_gap_abs <= {{ var('grade_gap_slight_max') }} then 'suggestion'
        when suggestion_gap_abs is not null then 'justification'
    end as required_step,
    grade_gap_signed = 0 as is_conform,
    grade_gap_signed > 0 as is_overgraded
from gaps
