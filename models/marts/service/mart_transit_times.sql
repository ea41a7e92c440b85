-- How long parcels are on their way: to the customer, to the service and back.
-- Grain: one row per (shipped_month, leg) in which a parcel left.
with shipments as (
    select
        *,
        {{ reporting_month('shipped_at') }} as shipped_month
    from {{ ref('fct_shipments') }}
    where shipped_at is not null
),

counted as (
    select
        shipped_month,
        leg,
        count(*) as shipped_parcels,
        count(delivered_at) as delivered_parcels,
        count(*) filter (where delivered_at is null and is_lost) as lost_parcels,
        count(is_on_time) as promised_parcels,
        count(*) filter (where is_on_time) as on_time_parcels,
        {{ days_measures('transit_days') }}
    from shipments
    group by shipped_month, leg
)

select
    shipped_month,
    leg,
    shipped_parcels,
    delivered_parcels,
    lost_parcels,
    shipped_parcels - delivered_parcels - lost_parcels as parcels_under_way,
    promised_parcels,
    on_time_parcels,
    {{ rate_with_bounds('on_time_parcels', 'promised_parcels', 'on_time_rate') }},
    transit_days_sum,
    mean_transit_days,
    median_transit_days,
    p90_transit_days
from counted
