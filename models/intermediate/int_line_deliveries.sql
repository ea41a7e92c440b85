-- When the outbound parcels of a line left and arrived; a line sent again arrived with the first.
-- Grain: one row per order_line_id that has an outbound shipment.
{{ config(materialized='table') }}

with shipments as (
    select * from {{ ref('stg_marketplace__shipments') }}
)

select
    order_line_id,
    min(shipped_at) as shipped_at,
    min(delivered_at) as delivered_at
from shipments
where leg = 'outbound'
group by order_line_id
