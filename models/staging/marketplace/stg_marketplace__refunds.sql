-- Refunds that passed the gate.
-- Grain: one row per refund_id.
with accepted as (
    {{ accepted_rows('refunds') }}
)

select
    -- keys
    refund_id,
    order_line_id,
    return_line_id,

    -- attributes
    refund_type,
    currency_code,

    -- measures
    amount,

    -- times
    refunded_at
from accepted
