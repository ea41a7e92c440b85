-- How long returns take and what their time goes by with, by month of the request. The phases of
-- the closed returns of a month add up to their total.
-- Grain: one row per (request_month, phase) of closed returns, and one per month for the total.
with returns as (
    select * from {{ ref('fct_returns') }}
),

phases as (
    select * from {{ ref('fct_return_phases') }}
),

months as (
    select
        return_month,
        count(closed_at) as closed_returns,
        count(*) - count(closed_at) as open_returns
    from returns
    group by return_month
),

durations as (
    select
        return_month,
        phase,
        phase_number,
        phase_days
    from phases
    where is_return_closed

    union all

    select
        return_month,
        'total' as phase,
        9 as phase_number,
        cycle_days as phase_days
    from returns
),

measured as (
    select
        return_month,
        phase,
        phase_number,
        count(phase_days) as phase_returns,
        {{ days_measures('phase_days') }}
    from durations
    group by return_month, phase, phase_number
)

select
    measured.return_month as request_month,
    measured.phase,
    measured.phase_number,
    months.closed_returns,
    months.open_returns,
    measured.phase_returns,
    measured.phase_days_sum,
    measured.mean_phase_days,
    measured.median_phase_days,
    measured.p90_phase_days,
    {{ rate('measured.phase_days_sum', 'months.closed_returns') }} as days_per_closed_return
from measured
inner join months
    on measured.return_month = months.return_month
