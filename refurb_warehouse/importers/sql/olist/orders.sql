-- Orders, in Brazilian reals.
-- Grain: one row per order row.
select
    order_id,
    customer_id,
    local_to_utc(order_purchase_timestamp, 'America/Sao_Paulo') as ordered_at,
    order_status as status,
    'BRL' as currency_code,
    'BR' as country_code
from source.orders
