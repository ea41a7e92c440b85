-- Supplier ratings that passed the gate.
-- Grain: one row per supplier_rating_id.
with accepted as (
    {{ accepted_rows('supplier_ratings') }}
)

select
    -- keys
    supplier_rating_id,
    agent_id,
    supplier_id,
    return_line_id,

    -- measures
    score,

    -- times
    rated_at
from accepted
