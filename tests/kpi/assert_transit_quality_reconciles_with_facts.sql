-- Parcels add up to the fact of shipments, and units to those of the lines of mature months that
-- were sent out.
with mart as (
    select
        coalesce(sum(parcels), 0) as parcels,
        coalesce(sum(damaged_parcels), 0) as damaged_parcels,
        coalesce(sum(lost_parcels), 0) as lost_parcels,
        coalesce(sum(delivered_parcels), 0) as delivered_parcels,
        coalesce(sum(ordered_units), 0) as ordered_units,
        coalesce(sum(returned_units), 0) as returned_units,
        coalesce(sum(transit_damaged_units), 0) as transit_damaged_units
    from {{ ref('mart_transit_quality') }}
),

shipments as (
    select
        count(*) as parcels,
        count(*) filter (where is_damaged) as damaged_parcels,
        count(*) filter (where is_lost) as lost_parcels,
        count(transit_days) as delivered_parcels
    from {{ ref('fct_shipments') }}
),

sent_lines as (
    select distinct order_line_id
    from {{ ref('fct_shipments') }}
    where leg = 'outbound'
),

order_lines as (
    select
        coalesce(sum(order_lines.ordered_units), 0) as ordered_units,
        coalesce(sum(order_lines.returned_units), 0) as returned_units,
        coalesce(sum(order_lines.transit_damaged_units), 0) as transit_damaged_units
    from {{ ref('fct_order_lines') }} as order_lines
    inner join sent_lines
        on order_lines.order_line_id = sent_lines.order_line_id
    inner join {{ ref('dim_dates') }} as calendar
        on order_lines.order_month = calendar.date_day
    where calendar.is_mature_365d
)

select mart.*
from mart
cross join shipments
cross join order_lines
where
    mart.parcels <> shipments.parcels
    or mart.damaged_parcels <> shipments.damaged_parcels
    or mart.lost_parcels <> shipments.lost_parcels
    or mart.delivered_parcels <> shipments.delivered_parcels
    or mart.ordered_units <> order_lines.ordered_units
    or mart.returned_units <> order_lines.returned_units
    or mart.transit_damaged_units <> order_lines.transit_damaged_units
