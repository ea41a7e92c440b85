-- Products that passed the gate.
-- Grain: one row per product_id.
with accepted as (
    {{ accepted_rows('products') }}
)

select
    -- keys
    product_id,

    -- attributes
    category,
    brand,
    model,

    -- measures
    storage_gb,

    -- booleans
    is_unlocked
from accepted
