-- Units that came back: however often, and for whatever reasons, a unit is here once.
-- Grain: one row per (order_line_id, unit_number).
with returns as (
    select * from {{ ref('int_returns_classified') }}
)

select
    order_line_id,
    unit_number,
    count(*) as return_events,
    bool_or(is_defect_return) as is_defect_returned,
    bool_or(has_confirmed_defect) as has_confirmed_defect,
    bool_or(is_transit_damaged) as is_transit_damaged,
    min(requested_at) as first_return_requested_at
from returns
group by order_line_id, unit_number
