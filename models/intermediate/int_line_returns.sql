-- Returned units of a line, by reading of the brief's "produits défectueux".
-- Grain: one row per order_line_id that has a return.
{{ config(materialized='table') }}

with returned_units as (
    select * from {{ ref('int_returned_units') }}
),

order_lines as (
    select * from {{ ref('int_returned_lines') }}
),

aged as (
    select
        returned_units.*,
        {{ elapsed_days('order_lines.ordered_at', 'returned_units.first_return_requested_at') }}
            as days_from_order
    from returned_units
    inner join order_lines
        on returned_units.order_line_id = order_lines.order_line_id
)

select
    order_line_id,
    count(*) as returned_units,
    count(*) filter (where days_from_order <= 30) as returned_units_30d,
    sum(return_events) as return_events,
    count(*) filter (where is_defect_returned) as defect_returned_units,
    count(*) filter (where has_confirmed_defect) as confirmed_defect_units,
    count(*) filter (where is_transit_damaged) as transit_damaged_units,
    min(first_return_requested_at) as first_return_requested_at
from aged
group by order_line_id
