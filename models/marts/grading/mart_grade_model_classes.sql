-- How well each grade is predicted: precision, recall and F1 (précision, rappel, F1-score).
-- Grain: one row per (predictor, grade); none without a model.
with confusion as (
    select * from {{ ref('mart_grade_model_confusion') }}
),

grade_scale as (
    select * from {{ ref('grade_scale') }}
),

counted as (
    select
        confusion.predictor,
        grade_scale.grade,
        grade_scale.grade_rank,
        cast(sum(case
            when confusion.verified_grade = grade_scale.grade then confusion.evaluation_count
            else 0
        end) as bigint) as verified_count,
        cast(sum(case
            when confusion.predicted_grade = grade_scale.grade then confusion.evaluation_count
            else 0
        end) as bigint) as predicted_count,
        cast(sum(case
            when
                confusion.verified_grade = grade_scale.grade
                and confusion.predicted_grade = grade_scale.grade
                then confusion.evaluation_count
            else 0
        end) as bigint) as correct_count
    from confusion
    cross join grade_scale
    group by confusion.predictor, grade_scale.grade, grade_scale.grade_rank
)

select
    predictor,
    grade,
    grade_rank,
    verified_count,
    predicted_count,
    correct_count,
    {{ rate_with_bounds('correct_count', 'predicted_count', 'precision_rate') }},
    {{ rate_with_bounds('correct_count', 'verified_count', 'recall_rate') }},
    {{ rate('2 * correct_count', 'verified_count + predicted_count') }} as f1_score
from counted
