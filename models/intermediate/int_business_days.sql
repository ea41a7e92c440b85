-- Business days of the calendar: Monday to Friday unless a French public holiday, and how many of
-- them lie before each day, so that the business hours between two moments are a difference.
-- Grain: one row per date_day.
{{ config(materialized='table') }}

with days as (
    select
        date_day,
        {{ iso_weekday('date_day') }} as iso_weekday
    from {{ ref('int_calendar_days') }}
),

holidays as (
    select * from {{ ref('french_holidays') }}
),

judged as (
    select
        days.date_day,
        holidays.holiday_name,
        days.iso_weekday,
        days.iso_weekday <= 5 and holidays.holiday_date is null as is_business_day
    from days
    left join holidays
        on days.date_day = holidays.holiday_date
)

select
    date_day,
    holiday_name,
    iso_weekday,
    is_business_day,
    cast(sum(cast(is_business_day as integer)) over (
        order by date_day
        rows between unbounded preceding and current row
    ) - cast(is_business_day as integer) as bigint) as business_days_before
from judged
