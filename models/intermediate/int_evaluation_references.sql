-- The grade with which the refurbisher's own is compared: what the platform's model suggested.
-- Grain: one row per evaluation_id that has such a grade.
with evaluations as (
    select * from {{ ref('stg_marketplace__product_evaluations') }}
)

select
    evaluation_id,
    suggested_grade as reference_grade,
    'suggestion' as reference_source,
    model_version as reference_model_version,
    cast(null as double) as reference_confidence
from evaluations
where suggested_grade is not null
