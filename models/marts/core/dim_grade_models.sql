-- The model by which gradings are judged, or why they are judged by the platform's suggestion.
-- Grain: one row per model_version, and there is one.
with models as (
    select * from {{ grade_model() }}
)

select
    coalesce(model_version, 'none') as model_version,
    status,
    remedy,
    trained_until,
    training_audits,
    majority_grade,
    cross_validation_accuracy_mean,
    cross_validation_accuracy_sd,
    cross_validation_macro_f1_mean,
    cross_validation_macro_f1_sd,
    cross_validation_kappa_mean,
    cross_validation_kappa_sd
from models
