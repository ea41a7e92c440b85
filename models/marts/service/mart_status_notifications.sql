-- Whether customers are told where their return stands: of the returns that reached a stage, those
-- with a notification of it.
-- Grain: one row per (request_month, return_stage) that a return reached.
{% set stages = {'received': 'received_at', 'decided': 'decided_at', 'closed': 'closed_at'} -%}
with returns as (
    select * from {{ ref('fct_returns') }}
),

notified as (
    -- told twice is told
    select distinct
        return_line_id,
        stage
    from {{ ref('fct_notifications') }}
),

reached as (
    {% for stage, reached_at in stages.items() %}
    select
        return_line_id,
        return_month,
        notification_count,
        '{{ stage }}' as return_stage
    from returns
    where {{ reached_at }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        reached.return_month as request_month,
        reached.return_stage,
        count(*) as reached_returns,
        -- the count of a return is null without an extract of notifications
        cast(sum(case
            when notified.return_line_id is not null then 1
            when reached.notification_count is not null then 0
        end) as bigint) as notified_returns
    from reached
    left join notified
        on
            reached.return_line_id = notified.return_line_id
            and reached.return_stage = notified.stage
    group by reached.return_month, reached.return_stage
)

select
    request_month,
    return_stage,
    reached_returns,
    notified_returns,
    {{ rate_with_bounds('notified_returns', 'reached_returns', 'notification_coverage_rate') }}
from counted
