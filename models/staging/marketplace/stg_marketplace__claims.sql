-- Claims that passed the gate.
-- Grain: one row per claim_id.
with accepted as (
    {{ accepted_rows('claims') }}
)

select
    -- keys
    claim_id,
    subject_id,

    -- attributes
    subject_type,
    claim_type,

    -- booleans
    is_upheld,

    -- times
    opened_at,
    closed_at
from accepted
