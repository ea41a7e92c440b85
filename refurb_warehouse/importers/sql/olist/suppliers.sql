-- Sellers as suppliers. Olist publishes no names.
-- Grain: one row per seller row.
select
    seller_id as supplier_id,
    'Seller ' || left(seller_id, 8) as supplier_name,
    'seller' as supplier_type,
    'BR' as country_code,
    null as onboarded_at,
    null as is_active
from source.sellers
