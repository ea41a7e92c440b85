-- An audit either teaches the model or judges it, and all gradings are judged by one and the same
-- reference: the model where there is one.
select
    evaluations.evaluation_id,
    models.status
from {{ ref('fct_evaluations') }} as evaluations
cross join {{ ref('dim_grade_models') }} as models
where
    (evaluations.is_trained_on and evaluations.is_out_of_time)
    or (evaluations.is_trained_on and evaluations.verified_grade is null)
    or (models.status = 'trained') <> (evaluations.is_out_of_time is not null)
    or evaluations.reference_confidence not between 0 and 1
