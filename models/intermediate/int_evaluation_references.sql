-- The grade by which an assigned grade is judged: what the trained model predicts; without a model,
-- what the platform suggested in its time.
-- Grain: one row per evaluation_id that has such a grade.
with evaluations as (
    select * from {{ ref('stg_marketplace__product_evaluations') }}
),

predictions as (
    select * from {{ grade_predictions() }}
)

select
    evaluations.evaluation_id,
    coalesce(predictions.predicted_grade, evaluations.suggested_grade) as reference_grade,
    case when predictions.evaluation_id is null then 'suggestion' else 'model' end
        as reference_source,
    coalesce(predictions.model_version, evaluations.model_version) as reference_model_version,
    predictions.confidence as reference_confidence
from evaluations
left join predictions
    on evaluations.evaluation_id = predictions.evaluation_id
where coalesce(predictions.predicted_grade, evaluations.suggested_grade) is not null
