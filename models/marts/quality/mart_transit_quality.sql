-- What transport does to devices: damage and loss of parcels by leg, carrier, mode and time in
-- transit; and, of outbound parcels a year old, the units that came back: of younger ones most
-- returns are still to come, and a carrier taken on lately would look best.
-- Grain: one row per (leg, carrier, transport_mode, transit_band).
with shipments as (
    select
        *,
        coalesce(carrier, 'unknown') as known_carrier,
        coalesce(transport_mode, 'unknown') as known_mode,
        {{ transit_band('transit_days') }} as transit_band,
        row_number() over (
            partition by order_line_id, leg
            order by shipped_at, shipment_id
        ) as parcel_number
    from {{ ref('fct_shipments') }}
),

mature_lines as (
    select order_lines.*
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('dim_dates') }} as calendar
        on order_lines.order_month = calendar.date_day
    where calendar.is_mature_365d
),

on_units as (
    -- the units of a line travelled outbound with its first parcel; a second one counts none again
    select
        shipments.*,
        case when shipments.parcel_number = 1 then mature_lines.ordered_units end as ordered_units,
        case when shipments.parcel_number = 1 then mature_lines.returned_units end
            as returned_units,
        case when shipments.parcel_number = 1 then mature_lines.transit_damaged_units end
            as transit_damaged_units
    from shipments
    left join mature_lines
        on
            shipments.order_line_id = mature_lines.order_line_id
            and shipments.leg = 'outbound'
),

counted as (
    select
        leg,
        known_carrier as carrier,
        known_mode as transport_mode,
        transit_band,
        count(*) as parcels,
        count(transit_days) as delivered_parcels,
        count(*) filter (where is_damaged) as damaged_parcels,
        count(*) filter (where is_lost) as lost_parcels,
        {{ sum_of_days('transit_days') }} as transit_days_sum,
        cast(sum(ordered_units) as bigint) as ordered_units,
        cast(sum(returned_units) as bigint) as returned_units,
        cast(sum(transit_damaged_units) as bigint) as transit_damaged_units
    from on_units
    group by leg, known_carrier, known_mode, transit_band
)

select
    leg,
    carrier,
    transport_mode,
    transit_band,
    parcels,
    delivered_parcels,
    damaged_parcels,
    {{ rate_with_bounds('damaged_parcels', 'parcels', 'parcel_damage_rate') }},
    lost_parcels,
    {{ rate_with_bounds('lost_parcels', 'parcels', 'parcel_loss_rate') }},
    transit_days_sum,
    {{ rate('transit_days_sum', 'delivered_parcels') }} as mean_transit_days,
    ordered_units,
    returned_units,
    {{ rate_with_bounds('returned_units', 'ordered_units', 'return_rate') }},
    transit_damaged_units,
    {{ rate_with_bounds('transit_damaged_units', 'ordered_units', 'transit_damage_rate') }}
from counted
