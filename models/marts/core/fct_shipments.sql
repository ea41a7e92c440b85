-- Every parcel: outbound to the customer, to the service, and back.
-- Grain: one row per shipment_id.
with shipments as (
    select * from {{ ref('stg_marketplace__shipments') }}
),

return_lines as (
    select * from {{ ref('stg_marketplace__return_lines') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

on_line as (
    select
        shipments.*,
        coalesce(shipments.order_line_id, return_lines.order_line_id) as shipped_order_line_id,
        {{ reporting_date('shipments.shipped_at') }} as shipped_date
    from shipments
    left join return_lines
        on shipments.return_line_id = return_lines.return_line_id
)

select
    -- keys
    on_line.shipment_id,
    on_line.shipped_order_line_id as order_line_id,
    on_line.return_line_id,
    order_lines.supplier_id,
    order_lines.product_id,

    -- attributes
    on_line.leg,
    on_line.carrier,
    on_line.transport_mode,
    order_lines.currency_code,

    -- measures
    cast({{ elapsed_days('on_line.shipped_at', 'on_line.delivered_at') }} as double)
        as transit_days,
    on_line.cost,
    cast(on_line.cost * fx_rates.eur_rate as decimal(14, 4)) as cost_eur,

    -- booleans
    on_line.is_damaged,
    on_line.is_lost,
    on_line.delivered_at <= on_line.promised_at as is_on_time,

    -- times
    order_lines.order_month,
    on_line.shipped_at,
    on_line.delivered_at,
    on_line.promised_at
from on_line
left join order_lines
    on on_line.shipped_order_line_id = order_lines.order_line_id
left join fx_rates
    on
        order_lines.currency_code = fx_rates.currency_code
        and coalesce(on_line.shipped_date, order_lines.order_date) = fx_rates.rate_date
