-- The state of the warehouse in one row: how far the data goes, what came in, what the checks say
-- and how the last build ended. A view, because tests end after the last table is written.
-- Grain: one row.
with runs as (
    select * from {{ source('build_log', 'dbt_runs') }}
),

started as (
    select
        *,
        row_number() over (order by happened_at desc, run_id asc) as age
    from runs
    where event = 'started'
),

last_run as (
    select
        max(started.happened_at) as last_run_at,
        max(started.command) as last_run_command,
        max(started.selection) as last_run_selection,
        coalesce(bool_or(started.is_complete), false) as is_last_run_complete,
        count(runs.run_id) > 0 as is_last_run_finished
    from started
    left join runs
        on started.run_id = runs.run_id and runs.event = 'ended'
    where started.age = 1
),

as_of as (
    select as_of_date from {{ ref('int_as_of_date') }}
),

deliveries as (
    select
        count(*) filter (where is_present) as present_tables,
        count(*) filter (where not is_present) as absent_tables,
        cast(sum(raw_rows) as bigint) as raw_rows,
        cast(sum(staged_rows) as bigint) as staged_rows,
        cast(sum(rejected_rows) as bigint) as rejected_rows,
        cast(sum(rejected_rows) as double) / nullif(sum(raw_rows), 0) as rejected_share
    from {{ ref('source_coverage') }}
),

checks as (
    select
        max(case when check_name = 'extract_age' then measured_value end) as extract_age_days,
        count(*) filter (where check_name = 'freshness' and status = 'warn') as stale_tables,
        count(*) filter (where status <> 'not_judged') as checks_run,
        count(*) filter (where status = 'warn') as checks_warned,
        count(*) filter (where status = 'fail') as checks_failed
    from {{ ref('build_checks') }}
),

outcomes as (
    select
        max(case when node_name = 'source_coverage' and outcome = 'passed' then run_at end)
            as built_at,
        count(*) filter (where node_type not in ('test', 'unit_test') and outcome = 'failed')
            as models_failed,
        count(*) filter (where node_type in ('test', 'unit_test') and outcome <> 'skipped')
            as tests_run,
        count(*) filter (where node_type in ('test', 'unit_test') and outcome = 'passed')
            as tests_passed,
        count(*) filter (where node_type in ('test', 'unit_test') and outcome = 'warned')
            as tests_warned,
        count(*) filter (where node_type in ('test', 'unit_test') and outcome = 'failed')
            as tests_failed,
        count(*) filter (where node_type in ('test', 'unit_test') and outcome = 'skipped')
            as tests_skipped
    from {{ ref('node_outcomes') }}
)

select
    case
        when outcomes.models_failed + outcomes.tests_failed > 0 then 'failed'
        when not last_run.is_last_run_finished then 'unfinished'
        when outcomes.tests_warned + checks.checks_warned > 0 then 'warned'
        else 'passed'
    end as build_status,
    as_of.as_of_date,
    checks.extract_age_days,
    deliveries.present_tables,
    deliveries.absent_tables,
    deliveries.raw_rows,
    deliveries.staged_rows,
    deliveries.rejected_rows,
    deliveries.rejected_share,
    checks.stale_tables,
    checks.checks_run,
    checks.checks_warned,
    checks.checks_failed,
    outcomes.models_failed,
    outcomes.tests_run,
    outcomes.tests_passed,
    outcomes.tests_warned,
    outcomes.tests_failed,
    outcomes.tests_skipped,
    outcomes.built_at,
    last_run.last_run_at,
    last_run.last_run_command,
    last_run.last_run_selection,
    last_run.is_last_run_complete
from last_run
cross join as_of
cross join deliveries
cross join checks
cross join outcomes
