-- Whether the grade model is good enough to judge by: it against the refurbishers' own grades and
-- against always naming the commonest grade, on audited evaluations that it could not know.
-- Grain: one row per predictor; none without a model.
with confusion as (
    select
        predictor,
        cast(sum(evaluation_count) as bigint) as evaluation_count,
        cast(sum(case
            when verified_grade = predicted_grade then evaluation_count else 0
        end) as bigint) as correct_count,
        {{ cohen_kappa(
            'predicted_rank', 'verified_rank', weights='quadratic', pairs='evaluation_count'
        ) }} as quadratic_weighted_kappa
    from {{ ref('mart_grade_model_confusion') }}
    group by predictor
),

classes as (
    -- over all grades that occur: one without a precision or a recall counts as 0
    select
        predictor,
        {{ exact_sum('precision_rate') }} / count(*) as macro_precision,
        {{ exact_sum('recall_rate') }} / count(*) as macro_recall,
        {{ exact_sum('f1_score') }} / count(*) as macro_f1
    from {{ ref('mart_grade_model_classes') }}
    where f1_score is not null
    group by predictor
),

calibration as (
    select
        'model' as predictor,
        {{ exact_sum('abs(confidence_sum - correct_count)') }} / sum(evaluation_count)
            as calibration_error
    from {{ ref('mart_grade_model_calibration') }}
),

models as (
    select
        *,
        'model' as predictor
    from {{ ref('dim_grade_models') }}
),

training as (
    select
        model_version,
        trained_until,
        training_audits
    from models
)

select
    confusion.predictor,
    training.model_version,
    training.trained_until,
    training.training_audits,
    confusion.evaluation_count,
    confusion.correct_count,
    {{ rate_with_bounds(
        'confusion.correct_count', 'confusion.evaluation_count', 'accuracy_rate'
    ) }},
    classes.macro_precision,
    classes.macro_recall,
    classes.macro_f1,
    confusion.quadratic_weighted_kappa,
    calibration.calibration_error,
    models.cross_validation_accuracy_mean,
    models.cross_validation_accuracy_sd,
    models.cross_validation_macro_f1_mean,
    models.cross_validation_macro_f1_sd,
    models.cross_validation_kappa_mean,
    models.cross_validation_kappa_sd
from confusion
left join classes
    on confusion.predictor = classes.predictor
left join calibration
    on confusion.predictor = calibration.predictor
left join models
    on confusion.predictor = models.predictor
cross join training
