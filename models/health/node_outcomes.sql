-- How each node of the project last ended, since the last complete build: a run of a part renews
-- what it ran and leaves the rest as it was.
-- Grain: one row per node_id.
with runs as (
    select * from {{ source('build_log', 'dbt_runs') }}
    where event = 'started'
),

results as (
    select * from {{ source('build_log', 'dbt_results') }}
),

dated as (
    select
        results.node_id,
        results.node_name,
        results.node_type,
        results.status,
        results.failures,
        results.run_id,
        runs.is_complete,
        runs.happened_at as run_at
    from results
    inner join runs
        on results.run_id = runs.run_id
),

last_complete as (
    select max(run_at) as run_at
    from dated
    where is_complete
),

ranked as (
    select
        dated.*,
        row_number() over (
            partition by dated.node_id
            order by dated.run_at desc, dated.run_id asc
        ) as age
    from dated
    cross join last_complete
    where dated.run_at >= coalesce(last_complete.run_at, dated.run_at)
)

select
    node_id,
    node_name,
    node_type,
    case
        when status in ('fail', 'error', 'runtime error') then 'failed'
        when status = 'warn' then 'warned'
        when status = 'skipped' then 'skipped'
        else 'passed'
    end as outcome,
    failures as failing_rows,
    run_at
from ranked
where age = 1
