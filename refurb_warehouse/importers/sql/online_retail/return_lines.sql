-- Returned units; copies of a source row repeat its units.
-- Grain: one row per row of work.returned_units and copy of its source row.
with returns as (
    select
        line_id,
        copies,
        local_to_utc(invoice_date, 'Europe/London') as returned_at
    from work.lines
    where kind in ('return', 'positive_return')
)

select
    returned_units.return_id || '-' || returned_units.unit_label as return_line_id,
    returned_units.order_line_id,
    returned_units.unit_number,
    25 as reason_code,
    returns.returned_at as requested_at,
    returns.returned_at as received_at,
    'accepted' as decision,
    returns.returned_at as decided_at,
    null as refusal_reason,
    'refunded' as outcome,
    returns.returned_at as closed_at
from work.returned_units as returned_units
inner join returns
    on returned_units.return_id = returns.line_id
cross join range(returns.copies)
