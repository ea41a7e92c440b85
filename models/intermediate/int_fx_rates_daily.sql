-- Rate to the euro by day: on a day without a rate, the last one before, unless that is older than
-- max_fx_rate_age_days. A rate of last year is no rate of today.
-- Grain: one row per (currency_code, rate_date).
{{ config(materialized='table') }}

with fx_rates as (
    select * from {{ ref('stg_marketplace__fx_rates') }}
),

calendar_days as (
    select * from {{ ref('int_calendar_days') }}
),

rate_periods as (
    select
        currency_code,
        eur_rate,
        rate_date as first_date,
        {{ dbt.dateadd('day', var('max_fx_rate_age_days'), 'rate_date') }} as last_date,
        lead(rate_date) over (
            partition by currency_code
            order by rate_date
        ) as next_date
    from fx_rates
    where currency_code <> 'EUR'
)

select
    rate_periods.currency_code,
    calendar_days.date_day as rate_date,
    rate_periods.eur_rate
from rate_periods
inner join calendar_days
    on
        rate_periods.first_date <= calendar_days.date_day
        and rate_periods.last_date >= calendar_days.date_day
        and (
            rate_periods.next_date > calendar_days.date_day
            or rate_periods.next_date is null
        )

union all

select
    'EUR' as currency_code,
    date_day as rate_date,
    cast(1 as decimal(18, 8)) as eur_rate
from calendar_days
