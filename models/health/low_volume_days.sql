-- Days between the first and the last of a table on which far fewer rows came than on the same
-- weekday of the weeks before: an export that lost a day. Days are UTC. The day before the last one
-- is the latest that is judged, for the last may end at any hour.
-- Grain: one row per (source_table, event_date) that is low.
with calendar as (
    select date_day from {{ ref('int_calendar_days') }}
),

daily_rows as (
    select
        source_table,
        event_date,
        staged_rows
    from {{ ref('source_daily_rows') }}
    where
        event_date is not null
        -- registers of who and what there is grow in bursts
        and source_table not in ('suppliers', 'products', 'product_lists', 'users', 'customers')
),

covered as (
    select
        source_table,
        min(event_date) as first_date,
        max(event_date) as last_date
    from daily_rows
    group by source_table
),

days as (
    select
        covered.source_table,
        calendar.date_day as event_date,
        {{ iso_weekday('calendar.date_day') }} as iso_weekday,
        coalesce(daily_rows.staged_rows, 0) as staged_rows
    from covered
    inner join calendar
        on
            covered.first_date <= calendar.date_day
            and covered.last_date > calendar.date_day
    left join daily_rows
        on
            covered.source_table = daily_rows.source_table
            and calendar.date_day = daily_rows.event_date
),

-- a table's first weeks have no baseline and are not judged
baselines as (
    select
        days.source_table,
        days.event_date,
        days.staged_rows,
        percentile_cont(0.5E0) within group (order by earlier.staged_rows) as expected_rows
    from days
    inner join days as earlier
        on
            days.source_table = earlier.source_table
            and days.iso_weekday = earlier.iso_weekday
            and days.event_date > earlier.event_date
            and {{ dbt.dateadd('day', '-7 * ' ~ var('volume_baseline_weeks'), 'days.event_date') }}
            <= earlier.event_date
    group by days.source_table, days.event_date, days.staged_rows
    having count(*) = {{ var('volume_baseline_weeks') }}
)

select
    source_table,
    event_date,
    cast(staged_rows as bigint) as staged_rows,
    cast(expected_rows as double) as expected_rows
from baselines
where
    expected_rows >= {{ var('min_expected_daily_rows') }}
    and staged_rows < {{ var('min_daily_share') }} * expected_rows
