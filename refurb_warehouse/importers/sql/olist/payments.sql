-- Payments. An order is paid when its payment is approved.
-- Grain: one row per payment row.
select
    payments.order_id || '-' || payments.payment_sequential as payment_id,
    payments.order_id,
    payments.payment_type as method,
    payments.payment_value as amount,
    'BRL' as currency_code,
    local_to_utc(orders.order_approved_at, 'America/Sao_Paulo') as paid_at,
    null as status
from source.order_payments as payments
left join source.orders as orders
    on payments.order_id = orders.order_id
