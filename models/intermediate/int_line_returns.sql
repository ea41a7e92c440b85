-- Returned units of a line, by reading of the brief's "produits défectueux".
-- Grain: one row per order_line_id that has a return.
{{ config(materialized='table') }}

with returned_units as (
    select * from {{ ref('int_returned_units') }}
)

select
    order_line_id,
    count(*) as returned_units,
    sum(return_events) as return_events,
    count(*) filter (where is_defect_returned) as defect_returned_units,
    count(*) filter (where has_confirmed_defect) as confirmed_defect_units,
    count(*) filter (where is_transit_damaged) as transit_damaged_units,
    min(first_return_requested_at) as first_return_requested_at
from returned_units
group by order_line_id
