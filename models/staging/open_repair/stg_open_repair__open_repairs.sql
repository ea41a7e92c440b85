-- Repairs of Open Repair that passed the gate.
-- Grain: one row per repair_event_id.
with accepted as (
    {{ accepted_rows('open_repairs') }}
)

select
    -- keys
    repair_event_id,

    -- attributes
    collection,
    provider,
    country_code,
    category,
    brand,
    repair_status,
    repair_barrier,
    fault_type,

    -- measures
    year_of_manufacture,
    product_age_years,

    -- times
    event_date
from accepted
