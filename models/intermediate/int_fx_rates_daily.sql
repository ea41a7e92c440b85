-- Rate to the euro by day, up to the as-of date: on a day without a rate, the last one before.
-- Grain: one row per (currency_code, rate_date).
{{ config(materialized='table') }}

with fx_rates as (
    select * from {{ ref('stg_marketplace__fx_rates') }}
),

calendar_days as (
    select * from {{ ref('int_calendar_days') }}
),

as_of_date as (
    select * from {{ ref('int_as_of_date') }}
),

rate_periods as (
    select
        currency_code,
        eur_rate,
        rate_date as first_date,
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
        and (
            rate_periods.next_date > calendar_days.date_day
            or rate_periods.next_date is null
        )
cross join as_of_date
where calendar_days.date_day <= as_of_date.as_of_date

union all

select
    'EUR' as currency_code,
    date_day as rate_date,
    cast(1 as decimal(18, 8)) as eur_rate
from calendar_days
