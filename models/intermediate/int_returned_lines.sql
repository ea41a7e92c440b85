-- Order lines that came back, with what the models of returns know them by, and their arrival: each
-- of those models would otherwise be joined with all lines, of which these are a tenth.
-- Grain: one row per order_line_id that has a return.
{{ config(materialized='table') }}

with returned as (
    select distinct order_line_id
    from {{ ref('stg_marketplace__return_lines') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

deliveries as (
    select * from {{ ref('int_line_deliveries') }}
)

select
    order_lines.order_line_id,
    order_lines.customer_id,
    order_lines.offer_version_id,
    order_lines.supplier_id,
    order_lines.product_id,
    order_lines.unit_price_eur,
    order_lines.order_month,
    order_lines.order_date,
    order_lines.ordered_at,
    deliveries.delivered_at
from returned
inner join order_lines
    on returned.order_line_id = order_lines.order_line_id
left join deliveries
    on returned.order_line_id = deliveries.order_line_id
