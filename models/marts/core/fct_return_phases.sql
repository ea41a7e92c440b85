-- What the time of a return went by with: each moment belongs to the phase that ended next, in
-- whatever order the steps were done, so that the phases of a closed return add up to its cycle.
-- The phase that an open one is in has no end yet.
-- Grain: one row per (return_line_id, phase) that was gone through or is open.
{% set phases = [
    ('sending', 'sent_at'), ('inbound', 'received_at'), ('decision', 'decided_at'),
    ('queue', 'started_at'), ('bench', 'finished_at'), ('dispatch', 'sent_back_at'),
    ('outbound', 'back_at'), ('closing', 'closed_at'),
] -%}
with return_steps as (
    select * from {{ ref('int_return_steps') }}
),

returns as (
    select * from {{ ref('int_returns_classified') }}
),

order_lines as (
    select * from {{ ref('int_returned_lines') }}
),

steps as (
    select
        return_line_id,
        'request' as phase,
        0 as phase_number,
        requested_at,
        closed_at,
        requested_at as step_at
    from return_steps
    {% for phase, step_at in phases %}
    union all

    select
        return_line_id,
        '{{ phase }}' as phase,
        {{ loop.index }} as phase_number,
        requested_at,
        closed_at,
        -- a step cannot end before the request, whatever its extract says
        case
            when {{ step_at }} is not null then greatest(requested_at, {{ step_at }})
        end as step_at
    from return_steps
    where {{ step_at }} is not null or open_phase = '{{ phase }}'
    {% endfor %}
),

-- what is done after the closing is no part of the cycle
timed as (
    select
        return_line_id,
        phase,
        phase_number,
        lag(step_at) over (
            partition by return_line_id
            -- the open phase has no end and comes last
            order by step_at asc nulls last, phase_number asc
        ) as started_at,
        step_at as ended_at
    from steps
    where coalesce(step_at <= closed_at, true)
)

select
    -- keys
    timed.return_line_id,
    timed.phase,
    returns.order_line_id,
    order_lines.supplier_id,
    order_lines.product_id,

    -- measures
    cast(timed.phase_number as integer) as phase_number,
    cast({{ elapsed_days('timed.started_at', 'timed.ended_at') }} as double) as phase_days,

    -- booleans
    timed.ended_at is null as is_current,
    returns.closed_at is not null as is_return_closed,

    -- times
    {{ reporting_month('returns.requested_at') }} as return_month,
    timed.started_at,
    timed.ended_at
from timed
inner join returns
    on timed.return_line_id = returns.return_line_id
inner join order_lines
    on returns.order_line_id = order_lines.order_line_id
where timed.phase <> 'request'
