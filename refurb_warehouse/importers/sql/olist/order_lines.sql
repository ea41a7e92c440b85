-- Order lines with their state.
-- Grain: one row per line of work.lines.
select
    lines.order_line_id,
    lines.order_id,
    lines.product_list_id,
    lines.quantity,
    lines.unit_price,
    case
        when orders.order_status in ('delivered', 'shipped') then 'shipped'
        when orders.order_status = 'canceled' and orders.order_delivered_carrier_date is not null
            then 'refunded_after_shipping'
        when orders.order_status in ('canceled', 'unavailable') then 'cancelled'
        when orders.order_status in ('approved', 'processing', 'invoiced') then 'paid'
        when orders.order_status = 'created' then 'new'
        else orders.order_status
    end as state,
    local_to_utc(orders.order_estimated_delivery_date, 'America/Sao_Paulo') as promised_at
from work.lines as lines
left join source.orders as orders
    on lines.order_id = orders.order_id
