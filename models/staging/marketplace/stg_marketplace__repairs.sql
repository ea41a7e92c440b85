-- Repairs that passed the gate.
-- Grain: one row per repair_id.
with accepted as (
    {{ accepted_rows('repairs') }}
)

select
    -- keys
    repair_id,
    return_line_id,
    repairer_id,

    -- attributes
    currency_code,
    outcome,

    -- measures
    parts_cost,
    labour_cost,
    shipping_cost,

    -- times
    sent_to_service_at,
    started_at,
    finished_at,
    returned_to_customer_at
from accepted
