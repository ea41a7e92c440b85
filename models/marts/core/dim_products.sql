-- Products of the catalogue. A product without a category stays in sight as 'unknown'.
-- Grain: one row per product_id.
with products as (
    select * from {{ ref('stg_marketplace__products') }}
)

select
    product_id,
    coalesce(category, 'unknown') as category,
    brand,
    model,
    storage_gb,
    is_unlocked
from products
