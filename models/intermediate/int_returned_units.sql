-- Units that came back: however often, and for whatever reasons, a unit is here once.
-- Grain: one row per (order_line_id, unit_number).
with returns as (
    select * from {{ ref('int_returns_classified') }}
)

select
    order_line_id,
    unit_number,
    -- the best that the service did for the unit; what may still come goes before a refusal
    case
        when bool_or(outcome = 'repaired') then 'repaired'
        when bool_or(outcome = 'replaced') then 'replaced'
        when bool_or(outcome in ('refunded', 'partially_refunded')) then 'refunded'
        when bool_or(outcome = 'pending' and decision <> 'refused') then 'pending'
        when bool_or(decision = 'refused') then 'refused'
        else 'sent_back'
    end as unit_outcome,
    count(*) as return_events,
    bool_or(is_defect_return) as is_defect_returned,
    bool_or(has_confirmed_defect) as has_confirmed_defect,
    bool_or(is_transit_damaged) as is_transit_damaged,
    min(requested_at) as first_return_requested_at,
    max(requested_at) as last_return_requested_at
from returns
group by order_line_id, unit_number
