-- Grade corrections that passed the gate.
-- Grain: one row per correction_id.
with accepted as (
    {{ accepted_rows('grade_corrections') }}
)

select
    -- keys
    correction_id,
    evaluation_id,

    -- attributes
    grade_before,
    grade_after,
    status,

    -- measures
    price_before,
    price_after,

    -- times
    corrected_at
from accepted
