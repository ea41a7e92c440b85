-- Customers that passed the gate.
-- Grain: one row per customer_id.
with accepted as (
    {{ accepted_rows('customers') }}
)

select
    -- keys
    customer_id,
    user_id,

    -- times
    created_at
from accepted
