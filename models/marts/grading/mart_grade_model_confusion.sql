-- Which grade was predicted where the laboratory found which (matrice de confusion), for the model,
-- for the refurbishers' own grades, and for always naming the commonest grade.
-- Grain: one row per (predictor, verified_grade, predicted_grade); none without a model.
with evaluations as (
    select * from {{ ref('fct_evaluations') }}
    where is_out_of_time
),

models as (
    select * from {{ ref('dim_grade_models') }}
    where status = 'trained'
),

predictions as (
    select
        'model' as predictor,
        verified_grade,
        reference_grade as predicted_grade
    from evaluations

    union all

    select
        'refurbisher' as predictor,
        verified_grade,
        assigned_grade as predicted_grade
    from evaluations

    union all

    select
        'majority' as predictor,
        evaluations.verified_grade,
        models.majority_grade as predicted_grade
    from evaluations
    cross join models
),

cells as (
    {% for predictor in ['model', 'refurbisher', 'majority'] -%}
    select
        '{{ predictor }}' as predictor,
        verified.grade as verified_grade,
        predicted.grade as predicted_grade,
        verified.grade_rank as verified_rank,
        predicted.grade_rank as predicted_rank
    from models
    cross join {{ ref('grade_scale') }} as verified
    cross join {{ ref('grade_scale') }} as predicted
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select
    cells.predictor,
    cells.verified_grade,
    cells.predicted_grade,
    cells.verified_rank,
    cells.predicted_rank,
    count(predictions.predictor) as evaluation_count
from cells
left join predictions
    on
        cells.predictor = predictions.predictor
        and cells.verified_grade = predictions.verified_grade
        and cells.predicted_grade = predictions.predicted_grade
group by
    cells.predictor, cells.verified_grade, cells.predicted_grade, cells.verified_rank,
    cells.predicted_rank
