-- Payments that passed the gate.
-- Grain: one row per payment_id.
with accepted as (
    {{ accepted_rows('payments') }}
)

select
    -- keys
    payment_id,
    order_id,

    -- attributes
    method,
    currency_code,
    status,

    -- measures
    amount,

    -- times
    paid_at
from accepted
