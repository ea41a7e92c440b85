-- Calendar days of the reporting time zone: business days in France, and the maturity of the
-- month's order cohort at the as-of date.
-- Grain: one row per date_day.
with days as (
    select
        date_day,
        cast(date_trunc('month', date_day) as date) as month_start_date,
        {{ dbt.last_day('date_day', 'month') }} as month_end_date,
        holiday_name,
        iso_weekday,
        is_business_day
    from {{ ref('int_business_days') }}
),

as_of_date as (
    select * from {{ ref('int_as_of_date') }}
)

select
    -- keys
    days.date_day,

    -- attributes
    days.month_start_date,
    days.month_end_date,
    days.holiday_name,
    as_of_date.as_of_date,

    -- measures
    cast(days.iso_weekday as integer) as iso_weekday,

    -- booleans
    days.is_business_day,
    {{ dbt.dateadd('day', 30, 'days.month_end_date') }} <= as_of_date.as_of_date
        as is_mature_30d,
    {{ dbt.dateadd('day', 365, 'days.month_end_date') }} <= as_of_date.as_of_date
        as is_mature_365d
from days
cross join as_of_date
