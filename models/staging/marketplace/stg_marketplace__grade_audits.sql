-- Grade audits that passed the gate.
-- Grain: one row per audit_id.
with accepted as (
    {{ accepted_rows('grade_audits') }}
)

select
    -- keys
    audit_id,
    evaluation_id,

    -- attributes
    verified_grade,

    -- times
    audited_at
from accepted
