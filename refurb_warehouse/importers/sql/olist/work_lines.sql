-- Order lines: rows of one order for the same product, seller and price are its units.
-- An exact copy of an item row is no further unit: item numbers are counted, not rows.
-- Grain: one row per (order_id, product_id, seller_id, unit_price).
with lines as (
    select
        order_id,
        product_id,
        seller_id,
        price as unit_price,
        min(order_item_id) as first_item_id,
        count(distinct order_item_id) as quantity
    from source.order_items
    group by order_id, product_id, seller_id, price
)

select
    order_id || '-' || first_item_id as order_line_id,
    order_id,
    product_id || '-' || seller_id as product_list_id,
    product_id,
    seller_id,
    quantity,
    unit_price
from lines
