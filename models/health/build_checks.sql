-- What the monitors of freshness, volume and rejects say of each raw table.
-- Grain: one row per (check_name, source_table).
with source_coverage as (
    select * from {{ ref('source_coverage') }}
),

as_of as (
    select as_of_date from {{ ref('int_as_of_date') }}
),

health_checks as (
    select * from {{ ref('health_checks') }}
),

delivery_changes as (
    select * from {{ ref('delivery_changes') }}
),

low_days as (
    select
        source_table,
        count(*) as low_days
    from {{ ref('low_volume_days') }}
    group by source_table
),

measured as (
    select
        'rejected_rows' as check_name,
        source_table,
        rejected_share as measured_value,
        cast({{ var('max_rejected_share') }} as double) as threshold
    from source_coverage

    union all

    select
        'freshness' as check_name,
        source_coverage.source_table,
        -- greatest() passes over a null, and a table without events has no lag
        case
            when source_coverage.last_event_at is not null
                then greatest({{ dbt.datediff(
                    'cast(source_coverage.last_event_at as date)', 'as_of.as_of_date', 'day'
                ) }}, 0)
        end as measured_value,
        cast({{ max_lag_days('source_coverage.source_table') }} as double) as threshold
    from source_coverage
    cross join as_of

    union all

    select
        'row_count' as check_name,
        source_table,
        cast(missing_rows as double) / nullif(previous_rows, 0) as measured_value,
        cast({{ var('max_row_drop_share') }} as double) as threshold
    from delivery_changes

    union all

    select
        'late_rows' as check_name,
        source_table,
        cast(late_rows as double) / nullif(closed_rows, 0) as measured_value,
        cast({{ var('max_late_share') }} as double) as threshold
    from delivery_changes

    union all

    select
        'daily_rows' as check_name,
        source_coverage.source_table,
        case
            when source_coverage.last_event_at is not null
                then cast(coalesce(low_days.low_days, 0) as double)
        end as measured_value,
        0E0 as threshold
    from source_coverage
    left join low_days on source_coverage.source_table = low_days.source_table

    union all

    select
        'extract_age' as check_name,
        'all' as source_table,
        {{ elapsed_days('cast(as_of_date as timestamp)', build_started_at()) }} as measured_value,
        cast({{ var('max_extract_age_days') or 'null' }} as double) as threshold
    from as_of
)

select
    measured.check_name,
    measured.source_table,
    case
        when measured.measured_value is null or measured.threshold is null then 'not_judged'
        when measured.measured_value > measured.threshold
            then case when measured.check_name = 'rejected_rows' then 'fail' else 'warn' end
        when measured.check_name = 'rejected_rows' and measured.measured_value > 0 then 'warn'
        else 'pass'
    end as status,
    measured.measured_value,
    measured.threshold,
    health_checks.unit,
    health_checks.remedy_en,
    health_checks.remedy_fr
from measured
inner join health_checks on measured.check_name = health_checks.check_name
