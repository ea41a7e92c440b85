-- Shipments that passed the gate.
-- Grain: one row per shipment_id.
with accepted as (
    {{ accepted_rows('shipments') }}
)

select
    -- keys
    shipment_id,
    order_line_id,
    return_line_id,

    -- attributes
    leg,
    carrier,
    transport_mode,

    -- measures
    cost,

    -- booleans
    is_damaged,
    is_lost,

    -- times
    shipped_at,
    delivered_at,
    promised_at
from accepted
