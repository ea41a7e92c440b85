-- Outbound parcels: the dates of the order, for each of its lines.
-- Grain: one row per line of an order that has a carrier date or a delivery date.
select
    'out-' || lines.order_line_id as shipment_id,
    lines.order_line_id,
    null as return_line_id,
    'outbound' as leg,
    null as carrier,
    null as transport_mode,
    local_to_utc(orders.order_delivered_carrier_date, 'America/Sao_Paulo') as shipped_at,
    local_to_utc(orders.order_delivered_customer_date, 'America/Sao_Paulo') as delivered_at,
    local_to_utc(orders.order_estimated_delivery_date, 'America/Sao_Paulo') as promised_at,
    null as is_damaged,
    null as is_lost,
    null as cost
from work.lines as lines
inner join source.orders as orders
    on lines.order_id = orders.order_id
where
    orders.order_delivered_carrier_date is not null
    or orders.order_delivered_customer_date is not null
