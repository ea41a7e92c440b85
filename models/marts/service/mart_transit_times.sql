-- How long parcels are on their way: to the customer, to the service and back.
-- Grain: one row per (shipped_month, leg) in which a parcel left.
with as_of_date as (
    select distinct as_of_date from {{ ref('dim_dates') }}
),

shipments as (
    select
        shipments.*,
        -- a promise counts when it is due: early arrivals would be all that is known of the others
        case
            when {{ reporting_date('shipments.promised_at') }} < as_of_date.as_of_date
                then coalesce(shipments.is_on_time, false)
        end as is_promise_kept,
        {{ reporting_month('shipments.shipped_at') }} as shipped_month
    from {{ ref('fct_shipments') }} as shipments
    cross join as_of_date
    where shipments.shipped_at is not null
),

counted as (
    select
        shipped_month,
        leg,
        count(*) as shipped_parcels,
        count(delivered_at) as delivered_parcels,
        count(*) filter (where delivered_at is null and is_lost) as lost_parcels,
        count(is_promise_kept) as promised_parcels,
        count(*) filter (where is_promise_kept) as on_time_parcels,
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
