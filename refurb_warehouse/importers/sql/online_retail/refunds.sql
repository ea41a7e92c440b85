-- Refunds of matched returns, at the price of the return; copies of a source row repeat theirs.
-- Grain: one row per row of work.matches and copy of its source row.
select
    matches.return_id || '-for-' || matches.order_line_id as refund_id,
    matches.order_line_id,
    matches.return_id || '-u' || matches.first_unit_of_return as return_line_id,
    null as refund_type,
    coalesce(cast(matches.units * returns.unit_price as varchar), returns.price) as amount,
    'GBP' as currency_code,
    local_to_utc(returns.invoice_date, 'Europe/London') as refunded_at
from work.matches as matches
inner join work.lines as returns
    on matches.return_id = returns.line_id
cross join range(returns.copies)
