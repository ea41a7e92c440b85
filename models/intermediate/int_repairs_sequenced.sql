-- Repairs of a unit in their order, each with the next one of the same unit.
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
)

select
    repair_id,
    return_line_id,
    repairer_id,
    currency_code,
    outcome,
    parts_cost,
    labour_cost,
    shipping_cost,
    sent_to_service_at,
    started_at,
    finished_at,
    returned_to_customer_at,
    order_line_id,
    unit_number,
    row_number() over unit_history as repair_number,
    lead(sent_to_service_at) over unit_history as next_sent_to_service_at
from by_unit
window unit_history as (
    partition by order_line_id, unit_number
    order by sent_to_service_at, repair_id
)
