-- Every parcel whose departure is known is in the mart once: delivered, lost or under way; the time
-- on the way is that of staging.
with as_of_date as (
    select distinct as_of_date from {{ ref('dim_dates') }}
),

staged as (
    select
        shipments.leg,
        count(*) as shipped_parcels,
        count(shipments.delivered_at) as delivered_parcels,
        count(*) filter (
            where {{ reporting_date('shipments.promised_at') }} < as_of_date.as_of_date
        ) as promised_parcels,
        count(*) filter (
            where shipments.delivered_at <= shipments.promised_at
            and {{ reporting_date('shipments.promised_at') }} < as_of_date.as_of_date
        ) as on_time_parcels,
        coalesce(sum({{ elapsed_days('shipments.shipped_at', 'shipments.delivered_at') }}), 0)
            as transit_days
    from {{ ref('stg_marketplace__shipments') }} as shipments
    cross join as_of_date
    where shipments.shipped_at is not null
    group by shipments.leg
),

mart as (
    select
        leg,
        sum(shipped_parcels) as shipped_parcels,
        sum(delivered_parcels) as delivered_parcels,
        sum(lost_parcels) as lost_parcels,
        sum(parcels_under_way) as parcels_under_way,
        sum(promised_parcels) as promised_parcels,
        sum(on_time_parcels) as on_time_parcels,
        coalesce(sum(transit_days_sum), 0) as transit_days
    from {{ ref('mart_transit_times') }}
    group by leg
)

select
    staged.*,
    mart.transit_days as transit_days_of_mart
from staged
full outer join mart
    on staged.leg = mart.leg
where
    mart.shipped_parcels is distinct from staged.shipped_parcels
    or mart.delivered_parcels <> staged.delivered_parcels
    or mart.shipped_parcels
    <> mart.delivered_parcels + mart.lost_parcels + mart.parcels_under_way
    or mart.on_time_parcels <> staged.on_time_parcels
    or mart.promised_parcels <> staged.promised_parcels
    or abs(mart.transit_days - staged.transit_days) > 1E-6 * (1 + abs(staged.transit_days))
