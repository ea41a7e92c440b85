-- The four probabilities of a prediction add up to 1, and the predicted grade is the likeliest.
{{ config(enabled=target.type == 'duckdb') }}
select evaluation_id
from {{ ref('int_grade_predictions') }}
where
    abs(probability_broken + probability_fair + probability_very_good + probability_perfect - 1)
    > 1E-6
    or least(probability_broken, probability_fair, probability_very_good, probability_perfect) < 0
    or case predicted_grade
        when 'broken' then probability_broken
        when 'fair' then probability_fair
        when 'very_good' then probability_very_good
        when 'perfect' then probability_perfect
    end is distinct from greatest(
        probability_broken, probability_fair, probability_very_good, probability_perfect
    )
