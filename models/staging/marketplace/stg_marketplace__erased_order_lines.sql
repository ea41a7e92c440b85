-- Order lines of people who asked to be erased: what was written about them was written by them.
-- Grain: one row per order_line_id.
{{ config(materialized='table') }}

{{ erased_order_lines(
    raw('order_lines'), raw('orders'), ref('stg_marketplace__erased_customers')
) }}
