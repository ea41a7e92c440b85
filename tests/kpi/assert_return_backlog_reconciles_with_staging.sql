-- The backlog is every open return of staging, once, and its oldest is the oldest of them.
with staged as (
    select
        count(*) as open_returns,
        min({{ reporting_date('requested_at') }}) as oldest_request_date
    from {{ ref('stg_marketplace__return_lines') }}
    where closed_at is null
),

backlog as (
    select
        coalesce(sum(open_returns), 0) as open_returns,
        max(oldest_age_days) as oldest_age_days,
        max(as_of_date) as as_of_date
    from {{ ref('mart_return_backlog') }}
)

select
    staged.open_returns as staged_returns,
    backlog.open_returns,
    staged.oldest_request_date,
    backlog.oldest_age_days
from staged
cross join backlog
where
    staged.open_returns <> backlog.open_returns
    or {{ dbt.datediff('staged.oldest_request_date', 'backlog.as_of_date', 'day') }}
    is distinct from backlog.oldest_age_days
