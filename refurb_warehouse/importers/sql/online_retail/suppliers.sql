-- The shop, the one supplier.
-- Grain: one row.
select
    'online-retail' as supplier_id,
    'Online Retail (UCI)' as supplier_name,
    'wholesaler' as supplier_type,
    'GB' as country_code,
    null as onboarded_at,
    null as is_active
