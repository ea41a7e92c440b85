-- An evaluation whose decision does not follow from the step that its suggestion asked for: without
-- a gap the grade is validated, a slight gap is accepted or kept, an important one justified, and
-- what nobody has answered is pending. A time of justification goes with a justification.
{{ config(severity='warn') }}

select
    evaluation_id,
    required_step,
    decision,
    justification_submitted_at
from {{ ref('fct_evaluations') }}
where
    (required_step = 'none') <> (decision = 'validated')
    or (required_step = 'suggestion' and decision not in ('accepted', 'kept', 'pending'))
    or (required_step = 'justification' and decision not in ('justified', 'pending'))
    or (decision = 'justified') <> (justification_submitted_at is not null)
