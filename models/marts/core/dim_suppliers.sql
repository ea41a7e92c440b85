-- Suppliers of the marketplace.
-- Grain: one row per supplier_id.
with suppliers as (
    select * from {{ ref('stg_marketplace__suppliers') }}
)

select
    supplier_id,
    supplier_name,
    supplier_type,
    country_code,
    is_active,
    onboarded_at
from suppliers
