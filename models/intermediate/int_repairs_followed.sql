-- What became of a unit after each repair: when it was sent to service again with a defect that it
-- had before, and when it was returned again with a confirmed defect.
-- Grain: one row per repair_id after which the unit is back with the customer.
with repairs as (
    select * from {{ ref('int_repairs_sequenced') }}
),

defects as (
    select * from {{ ref('stg_marketplace__defects') }}
),

returns as (
    select * from {{ ref('int_returns_classified') }}
),

-- diagnosed both times and confirmed at least once: a fault that comes and goes is the same one
sent_with_same_defect as (
    select
        repairs.repair_id,
        min(later_repairs.sent_to_service_at) as next_same_defect_sent_at
    from repairs
    inner join repairs as later_repairs
        on
            repairs.order_line_id = later_repairs.order_line_id
            and repairs.unit_number = later_repairs.unit_number
            and repairs.repair_id <> later_repairs.repair_id
            and repairs.returned_to_customer_at <= later_repairs.sent_to_service_at
    inner join defects
        on repairs.return_line_id = defects.return_line_id
    inner join defects as later_defects
        on
            later_repairs.return_line_id = later_defects.return_line_id
            and defects.defect_type = later_defects.defect_type
            and (defects.is_confirmed or later_defects.is_confirmed)
    group by repairs.repair_id
),

returned_with_defect as (
    select
        repairs.repair_id,
        min(returns.requested_at) as next_defect_requested_at
    from repairs
    inner join returns
        on
            repairs.order_line_id = returns.order_line_id
            and repairs.unit_number = returns.unit_number
            and repairs.returned_to_customer_at <= returns.requested_at
    where returns.has_confirmed_defect
    group by repairs.repair_id
)

select
    repairs.repair_id,
    sent_with_same_defect.next_same_defect_sent_at,
    returned_with_defect.next_defect_requested_at
from repairs
left join sent_with_same_defect
    on repairs.repair_id = sent_with_same_defect.repair_id
left join returned_with_defect
    on repairs.repair_id = returned_with_defect.repair_id
where repairs.returned_to_customer_at is not null
