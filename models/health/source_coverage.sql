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
    {% for table in raw_tables() %}
    {% set event_at = raw_contract(table).event_at %}
    select
        '{{ table }}' as source_table,
        count(*) as staged_rows,
        {{ 'cast(min(' ~ event_at ~ ') as timestamp)' if event_at
            else 'cast(null as timestamp)' }} as first_event_at,
        {{ 'cast(max(' ~ event_at ~ ') as timestamp)' if event_at
            else 'cast(null as timestamp)' }} as last_event_at
    from {{ ref('stg_marketplace__' ~ table) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
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
    staged_counts.staged_rows,
    coalesce(rejected_counts.rejected_rows, 0) as rejected_rows,
    cast(coalesce(rejected_counts.rejected_rows, 0) as double)
    / nullif(raw_counts.raw_rows, 0) as rejected_share,
    staged_counts.first_event_at,
    staged_counts.last_event_at
from raw_files
inner join raw_counts
    on raw_files.source_table = raw_counts.source_table
inner join staged_counts
    on raw_files.source_table = staged_counts.source_table
left join rejected_counts
    on raw_files.source_table = rejected_counts.source_table
