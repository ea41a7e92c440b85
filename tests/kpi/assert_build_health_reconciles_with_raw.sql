-- The tiles of a dashboard are the counts of the raw tables: rows that came in, were kept and were
-- set aside, and the memory holds what was kept.
with raw_rows as (
    {% for table in raw_tables() %}
    select count(*) as rows_found from {{ raw(table) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

raw_total as (
    select sum(rows_found) as rows_found from raw_rows
),

rejected_total as (
    select count(*) as rows_found from {{ ref('rejected_rows') }}
),

last_number as (
    select max(delivery_number) as delivery_number from {{ ref('delivery_history') }}
),

remembered_total as (
    select coalesce(sum(delivery_history.staged_rows), 0) as rows_found
    from {{ ref('delivery_history') }} as delivery_history
    inner join last_number
        on delivery_history.delivery_number = last_number.delivery_number
),

build_health as (
    select * from {{ ref('build_health') }}
)

select
    build_health.raw_rows,
    raw_total.rows_found as rows_in_raw,
    build_health.staged_rows,
    remembered_total.rows_found as rows_remembered,
    build_health.rejected_rows,
    rejected_total.rows_found as rows_in_rejected
from build_health
cross join raw_total
cross join rejected_total
cross join remembered_total
where
    build_health.raw_rows is distinct from raw_total.rows_found
    or build_health.rejected_rows is distinct from rejected_total.rows_found
    or build_health.staged_rows is distinct from remembered_total.rows_found
    or build_health.raw_rows is distinct from build_health.staged_rows + build_health.rejected_rows
