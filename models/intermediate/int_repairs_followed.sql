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

-- grouped before it meets itself: types alone match far more repairs than units do
diagnosed as (
    select
        repairs.repair_id,
        repairs.order_line_id,
        repairs.unit_number,
        repairs.sent_to_service_at,
        repairs.returned_to_customer_at,
        defects.defect_type,
        bool_or(defects.is_confirmed) as is_confirmed
    from repairs
    inner join defects
        on repairs.return_line_id = defects.return_line_id
    group by
        repairs.repair_id, repairs.order_line_id, repairs.unit_number,
        repairs.sent_to_service_at, repairs.returned_to_customer_at, defects.defect_type
),

-- diagnosed both times and confirmed at least once: a fault that comes and goes is the same one
sent_with_same_defect as (
    select
        diagnosed.repair_id,
        min(diagnosed_later.sent_to_service_at) as next_same_defect_sent_at
    from diagnosed
    inner join diagnosed as diagnosed_later
        on
            diagnosed.order_line_id = diagnosed_later.order_line_id
            and diagnosed.unit_number = diagnosed_later.unit_number
            and diagnosed.defect_type = diagnosed_later.defect_type
            and diagnosed.repair_id <> diagnosed_later.repair_id
            and diagnosed.returned_to_customer_at <= diagnosed_later.sent_to_service_at
            and (diagnosed.is_confirmed or diagnosed_later.is_confirmed)
    group by diagnosed.repair_id
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
