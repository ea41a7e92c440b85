-- Whether the model is right as often as it says: ten bands of confidence, on evaluations that it
-- could not know.
-- Grain: one row per confidence_band with an audited evaluation.
with evaluations as (
    select * from {{ ref('fct_evaluations') }}
    where
        is_out_of_time
        and verified_grade is not null
),

banded as (
    select
        least(cast(floor(reference_confidence * 10) as integer), 9) + 1 as confidence_band,
        reference_confidence,
        case when reference_grade = verified_grade then 1 else 0 end as is_right
    from evaluations
),

counted as (
    select
        confidence_band,
        count(*) as evaluation_count,
        cast(sum(is_right) as bigint) as correct_count,
        {{ exact_sum('reference_confidence') }} as confidence_sum
    from banded
    group by confidence_band
)

select
    confidence_band,
    (confidence_band - 1) / 10E0 as confidence_low,
    confidence_band / 10E0 as confidence_high,
    evaluation_count,
    correct_count,
    confidence_sum,
    {{ rate('confidence_sum', 'evaluation_count') }} as mean_confidence,
    {{ rate_with_bounds('correct_count', 'evaluation_count', 'correct_rate') }}
from counted
