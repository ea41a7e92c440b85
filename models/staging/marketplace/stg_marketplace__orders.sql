-- Orders that passed the gate.
-- Grain: one row per order_id.
with accepted as (
    {{ accepted_rows('orders') }}
)

select
    -- keys
    order_id,
    customer_id,

    -- attributes
    status,
    currency_code,
    country_code,

    -- times
    ordered_at
from accepted
