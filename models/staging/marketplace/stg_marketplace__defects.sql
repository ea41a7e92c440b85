-- Defects that passed the gate.
-- Grain: one row per defect_id.
with accepted as (
    {{ accepted_rows('defects') }}
)

select
    -- keys
    defect_id,
    return_line_id,

    -- attributes
    defect_type,
    severity,
    attribution,

    -- booleans
    is_confirmed,

    -- times
    diagnosed_at
from accepted
