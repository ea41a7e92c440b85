-- What came in, what was kept and what was set aside, table by table.
-- Grain: one row per source_table.
with raw_files as (
    select * from {{ ref('stg_landing__raw_files') }}
),

raw_counts as (
    {% for table in raw_tables() %}
    select
        '{{ table }}' as source_table,
        count(*) as raw_rows
    from {{ raw(table) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

staged_counts as (
    select
        source_table,
        sum(staged_rows) as staged_rows,
        min(first_event_at) as first_event_at,
        max(last_event_at) as last_event_at
    from {{ ref('source_daily_rows') }}
    group by source_table
),

rejected_counts as (
    select
        source_table,
        count(*) as rejected_rows
    from {{ ref('rejected_rows') }}
    group by source_table
)

select
    raw_files.source_table,
    raw_files.is_present,
    raw_files.file_name,
    raw_counts.raw_rows,
    cast(coalesce(staged_counts.staged_rows, 0) as bigint) as staged_rows,
    coalesce(rejected_counts.rejected_rows, 0) as rejected_rows,
    cast(coalesce(rejected_counts.rejected_rows, 0) as double)
    / nullif(raw_counts.raw_rows, 0) as rejected_share,
    staged_counts.first_event_at,
    staged_counts.last_event_at
from raw_files
inner join raw_counts
    on raw_files.source_table = raw_counts.source_table
left join staged_counts
    on raw_files.source_table = staged_counts.source_table
left join rejected_counts
    on raw_files.source_table = rejected_counts.source_table
