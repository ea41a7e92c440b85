-- Repairs of a unit in their order, each with when the unit was sent again after it came back.
-- Grain: one row per repair_id.
{{ config(materialized='table') }}

with repairs as (
    select * from {{ ref('stg_marketplace__repairs') }}
),

return_lines as (
    select * from {{ ref('stg_marketplace__return_lines') }}
),

by_unit as (
    select
        repairs.*,
        return_lines.order_line_id,
        return_lines.unit_number
    from repairs
    inner join return_lines
        on repairs.return_line_id = return_lines.return_line_id
),

-- a repair that was recorded while this one was under way is not the next one
sent_again as (
    select
        by_unit.repair_id,
        min(later_repairs.sent_to_service_at) as next_sent_to_service_at
    from by_unit
    inner join by_unit as later_repairs
        on
            by_unit.order_line_id = later_repairs.order_line_id
            and by_unit.unit_number = later_repairs.unit_number
            and by_unit.repair_id <> later_repairs.repair_id
            and by_unit.returned_to_customer_at <= later_repairs.sent_to_service_at
    group by by_unit.repair_id
)

select
    by_unit.repair_id,
    by_unit.return_line_id,
    by_unit.repairer_id,
    by_unit.currency_code,
    by_unit.outcome,
    by_unit.parts_cost,
    by_unit.labour_cost,
    by_unit.shipping_cost,
    by_unit.sent_to_service_at,
    by_unit.started_at,
    by_unit.finished_at,
    by_unit.returned_to_customer_at,
    by_unit.order_line_id,
    by_unit.unit_number,
    row_number() over (
        partition by by_unit.order_line_id, by_unit.unit_number
        order by by_unit.sent_to_service_at, by_unit.repair_id
    ) as repair_number,
    sent_again.next_sent_to_service_at
from by_unit
left join sent_again
    on by_unit.repair_id = sent_again.repair_id
