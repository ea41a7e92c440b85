-- The calendar runs from calendar_start to the day before calendar_end without a gap: an order on
-- a day that is missing would have no month.
with calendar as (
    select
        count(*) as day_count,
        min(date_day) as first_day,
        max(date_day) as last_day,
        {{ dbt.datediff('min(date_day)', 'max(date_day)', 'day') }} + 1 as days_from_first_to_last
    from {{ ref('dim_dates') }}
)

select *
from calendar
where
    first_day is distinct from cast('{{ var("calendar_start") }}' as date)
    or {{ dbt.datediff('last_day', "cast('" ~ var('calendar_end') ~ "' as date)", 'day') }} <> 1
    or day_count <> days_from_first_to_last
