-- Pairs of product and seller that were ever sold, as offers that always applied.
-- Grain: one row per (product_id, seller_id).
with offers as (
    select distinct
        product_list_id,
        product_id,
        seller_id
    from work.lines
)

select
    product_list_id,
    product_id,
    seller_id as supplier_id,
    null as announced_grade,
    null as unit_price,
    'BRL' as currency_code,
    null as warranty_months,
    '2000-01-01 00:00:00' as valid_from,
    null as valid_to
from offers
