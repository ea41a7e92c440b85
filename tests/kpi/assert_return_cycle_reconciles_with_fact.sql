-- Closed and open returns of each month are those of staging, their total is the time between
-- request and closing, and the phases add up to it.
with staged as (
    select
        {{ reporting_month('requested_at') }} as request_month,
        count(closed_at) as closed_returns,
        count(*) filter (where closed_at is null) as open_returns,
        coalesce(sum({{ elapsed_days('requested_at', 'closed_at') }}), 0) as cycle_days
    from {{ ref('stg_marketplace__return_lines') }}
    group by {{ reporting_month('requested_at') }}
),

mart as (
    select
        request_month,
        max(case when phase = 'total' then closed_returns end) as closed_returns,
        max(case when phase = 'total' then open_returns end) as open_returns,
        max(case when phase = 'total' then phase_returns end) as total_returns,
        max(case when phase = 'closing' then phase_returns end) as closing_returns,
        coalesce(sum(case when phase = 'total' then phase_days_sum end), 0) as total_days,
        coalesce(sum(case when phase <> 'total' then phase_days_sum end), 0) as phase_days,
        coalesce(sum(case when phase <> 'total' then days_per_closed_return end), 0) as mean_days
    from {{ ref('mart_return_cycle') }}
    group by request_month
)

select
    staged.*,
    mart.total_days,
    mart.phase_days
from staged
full outer join mart
    on staged.request_month = mart.request_month
where
    mart.closed_returns is distinct from staged.closed_returns
    or mart.open_returns is distinct from staged.open_returns
    or mart.total_returns is distinct from staged.closed_returns
    or coalesce(mart.closing_returns, 0) is distinct from staged.closed_returns
    or abs(mart.total_days - staged.cycle_days) > 1E-6 * (1 + staged.cycle_days)
    or abs(mart.phase_days - staged.cycle_days) > 1E-6 * (1 + staged.cycle_days)
    or abs(mart.mean_days * staged.closed_returns - staged.cycle_days)
    > 1E-6 * (1 + staged.cycle_days)
