-- Suppliers that passed the gate.
-- Grain: one row per supplier_id.
with accepted as (
    {{ accepted_rows('suppliers') }}
)

select
    -- keys
    supplier_id,

    -- attributes
    supplier_name,
    supplier_type,
    country_code,

    -- booleans
    is_active,

    -- times
    onboarded_at
from accepted
