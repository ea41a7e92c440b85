-- Returns that reached a stage are those of staging, and the notified ones are those of which a
-- notification of the stage tells; where there is none, the mart says 0, without an extract null.
{% set stages = {'received': 'received_at', 'decided': 'decided_at', 'closed': 'closed_at'} %}
with staged as (
    {% for stage, reached_at in stages.items() %}
    select
        '{{ stage }}' as return_stage,
        count(distinct return_lines.return_line_id) as reached_returns,
        count(distinct notifications.return_line_id) as notified_returns
    from {{ ref('stg_marketplace__return_lines') }} as return_lines
    left join {{ ref('stg_marketplace__notifications') }} as notifications
        on
            return_lines.return_line_id = notifications.return_line_id
            and notifications.stage = '{{ stage }}'
    where return_lines.{{ reached_at }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

mart as (
    select
        return_stage,
        sum(reached_returns) as reached_returns,
        sum(notified_returns) as notified_returns
    from {{ ref('mart_status_notifications') }}
    group by return_stage
)

select
    staged.*,
    mart.reached_returns as reached_returns_of_mart,
    mart.notified_returns as notified_returns_of_mart
from staged
left join mart
    on staged.return_stage = mart.return_stage
where
    staged.reached_returns <> coalesce(mart.reached_returns, 0)
    or staged.notified_returns <> coalesce(mart.notified_returns, 0)
