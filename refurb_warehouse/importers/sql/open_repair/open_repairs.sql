-- Repairs at repair cafes, as Open Repair publishes them.
-- Grain: one row per source row.
select
    id as repair_event_id,
    collection,
    data_provider as provider,
    country as country_code,
    product_category as category,
    brand,
    known_year as year_of_manufacture,
    known_age as product_age_years,
    status_word as repair_status,
    barrier_word as repair_barrier,
    fault_type,
    event_date
from work.repairs
