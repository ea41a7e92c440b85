-- H1.5 How long do customers wait: for a first answer, for their return, and for parcels?
with waits as (
    select
        'first answer by ' || contact_channel as wait,
        sum(answered_cases) as counted,
        sum(first_response_hours_sum) / 24 as days_sum,
        sum(first_response_business_hours_sum) as opening_hours_sum
    from {{ ref('mart_service_response') }}
    group by contact_channel

    union all

    select
        'return, ' || replace(phase, '_', ' ') as wait,
        sum(phase_returns) as counted,
        sum(phase_days_sum) as days_sum,
        cast(null as double) as opening_hours_sum
    from {{ ref('mart_return_cycle') }}
    group by phase

    union all

    select
        'parcel, ' || replace(leg, '_', ' ') as wait,
        sum(delivered_parcels) as counted,
        sum(transit_days_sum) as days_sum,
        cast(null as double) as opening_hours_sum
    from {{ ref('mart_transit_times') }}
    group by leg
)

select
    wait,
    counted,
    round({{ rate('days_sum', 'counted') }}, 1) as mean_days,
    round({{ rate('opening_hours_sum', 'counted') }}, 1) as mean_opening_hours
from waits
where counted > 0
order by wait
