-- Return lines that passed the gate.
-- Grain: one row per return_line_id.
with accepted as (
    {{ accepted_rows('return_lines') }}
)

select
    -- keys
    return_line_id,
    order_line_id,

    -- attributes
    decision,
    refusal_reason,
    outcome,

    -- measures
    unit_number,
    reason_code,

    -- times
    requested_at,
    received_at,
    decided_at,
    closed_at
from accepted
