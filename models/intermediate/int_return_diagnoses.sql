-- What the diagnoses of a return add up to.
-- Grain: one row per return_line_id that was diagnosed.
with defects as (
    select * from {{ ref('stg_marketplace__defects') }}
)

select
    return_line_id,
    bool_or(is_confirmed and attribution in ('supplier', 'unknown')) as has_confirmed_defect,
    bool_or(attribution = 'carrier') as is_transit_damaged
from defects
group by return_line_id
