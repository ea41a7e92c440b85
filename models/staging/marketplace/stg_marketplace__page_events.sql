-- Page events that passed the gate.
-- Grain: one row per event_id.
with accepted as (
    {{ accepted_rows('page_events') }}
)

select
    -- keys
    event_id,
    session_id,
    customer_id,
    product_list_id,

    -- attributes
    event_type,

    -- times
    occurred_at
from accepted
