-- One offer per product that was sold, which always applied.
-- Grain: one row per product code.
with products as (
    select distinct product_code
    from work.lines
    where kind = 'sale' and product_code is not null
)

select
    product_code as product_list_id,
    product_code as product_id,
    'online-retail' as supplier_id,
    null as announced_grade,
    null as unit_price,
    'GBP' as currency_code,
    null as warranty_months,
    '2000-01-01 00:00:00' as valid_from,
    null as valid_to
from products
