-- Every day of the calendar that the warehouse covers.
-- Grain: one row per date_day.
{{ config(materialized='table') }}

with days as (
    {{ dbt.date_spine(
        'day',
        "cast('" ~ var('calendar_start') ~ "' as date)",
        "cast('" ~ var('calendar_end') ~ "' as date)"
    ) }}
)

select cast(date_day as date) as date_day
from days
