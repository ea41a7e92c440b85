-- What transport does to devices: damage and loss of parcels by leg, carrier, mode and time in
-- transit; and, of outbound parcels a year old, the units that came back: of younger ones most
-- returns are still to come, and a carrier taken on lately would look best.
-- Grain: one row per (leg, carrier, transport_mode, transit_band).
{% set travelled -%}
    coalesce(carrier, 'unknown') as known_carrier,
        coalesce(transport_mode, 'unknown') as known_mode,
        {{ transit_band('transit_days') }} as transit_band
{%- endset -%}
with parcels as (
    select
        *,
        {{ travelled }}
    from {{ ref('fct_shipments') }}
),

counted_parcels as (
    select
        leg,
        known_carrier as carrier,
        known_mode as transport_mode,
        transit_band,
        count(*) as parcels,
        count(transit_days) as delivered_parcels,
        count(*) filter (where is_damaged) as damaged_parcels,
        count(*) filter (where is_lost) as lost_parcels,
        {{ sum_of_days('transit_days') }} as transit_days_sum
    from parcels
    group by leg, known_carrier, known_mode, transit_band
),

-- read anew: of parcels that are read twice a copy would be kept
outbound_parcels as (
    select
        *,
        {{ travelled }}
    from {{ ref('fct_shipments') }}
    where leg = 'outbound'
),

on_units as (
    -- the units of a line travelled outbound with its first parcel; a second one counts none again
    select
        outbound_parcels.*,
        order_lines.ordered_units,
        order_lines.returned_units,
        order_lines.transit_damaged_units,
        row_number() over (
            partition by outbound_parcels.order_line_id
            order by outbound_parcels.shipped_at, outbound_parcels.shipment_id
        ) as parcel_number
    from outbound_parcels
    inner join {{ ref('fct_order_lines') }} as order_lines
        on outbound_parcels.order_line_id = order_lines.order_line_id
    inner join {{ ref('dim_dates') }} as calendar
        on order_lines.order_month = calendar.date_day
    where calendar.is_mature_365d
),

counted_units as (
    select
        leg,
        known_carrier as carrier,
        known_mode as transport_mode,
        transit_band,
        cast(sum(ordered_units) as bigint) as ordered_units,
        cast(sum(returned_units) as bigint) as returned_units,
        cast(sum(transit_damaged_units) as bigint) as transit_damaged_units
    from on_units
    where parcel_number = 1
    group by leg, known_carrier, known_mode, transit_band
),

counted as (
    select
        counted_parcels.*,
        counted_units.ordered_units,
        counted_units.returned_units,
        counted_units.transit_damaged_units
    from counted_parcels
    left join counted_units
        on
            counted_parcels.leg = counted_units.leg
            and counted_parcels.carrier = counted_units.carrier
            and counted_parcels.transport_mode = counted_units.transport_mode
            and counted_parcels.transit_band = counted_units.transit_band
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
