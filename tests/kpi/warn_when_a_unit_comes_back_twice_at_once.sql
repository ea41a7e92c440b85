-- A unit whose return is asked for again before the first one was closed: the same return entered
-- twice. It is one returned unit all the same, but two return events and two cases.
{{ config(severity='warn') }}

with numbered as (
    select
        return_line_id,
        order_line_id,
        unit_number,
        requested_at,
        lag(return_line_id) over unit_history as earlier_return_line_id,
        lag(requested_at) over unit_history as earlier_requested_at,
        lag(closed_at) over unit_history as earlier_closed_at
    from {{ ref('fct_returns') }}
    window unit_history as (
        partition by order_line_id, unit_number
        order by return_number
    )
)

select
    return_line_id,
    earlier_return_line_id,
    order_line_id,
    unit_number
from numbered
where
    requested_at < earlier_closed_at
    or requested_at = earlier_requested_at
