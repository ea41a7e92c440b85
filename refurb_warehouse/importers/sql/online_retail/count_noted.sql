-- How the returns were matched, and the rows that staging will reject.
-- Grain: one row per line of the report.
with matched_totals as (
    select
        return_id,
        sum(units) as units
    from work.matches
    group by return_id
),

returns as (
    select
        abs(lines.units) as units,
        coalesce(matched_totals.units, 0) as matched_units,
        lines.customer_id is null as is_without_customer
    from work.lines as lines
    left join matched_totals
        on lines.line_id = matched_totals.return_id
    where lines.kind = 'return'
),

priced_returns as (
    select
        matches.units * returns.unit_price as amount,
        abs(purchases.units) * purchases.unit_price as line_amount
    from work.matches as matches
    inner join work.lines as returns
        on matches.return_id = returns.line_id
    inner join work.lines as purchases
        on matches.order_line_id = purchases.line_id
)

select 'returns (distinct rows of C invoices)' as what, count(*) as rows from returns
union all
select 'returns that match purchases with all units', count(*)
from returns where matched_units = units
union all
select 'returns that match purchases with some of their units', count(*)
from returns where matched_units > 0 and matched_units < units
union all
select 'returns that match no purchase, customer known', count(*)
from returns where matched_units = 0 and not is_without_customer
union all
select 'returns that match no purchase, customer unknown', count(*)
from returns where matched_units = 0 and is_without_customer
union all
select 'returned units that match a purchase', cast(sum(matched_units) as bigint) from returns
union all
select 'returned units that match none', cast(sum(units - matched_units) as bigint) from returns
union all
select 'C rows with a positive quantity: passed on, staging rejects them', count(*)
from work.rows where kind = 'positive_return'
union all
select
    'copies of sales: passed on, staging rejects them as duplicates',
    cast(sum(copies - 1) as bigint)
from work.lines where kind = 'sale'
union all
select
    'copies of returns: passed on, staging rejects them as duplicates',
    cast(sum(copies - 1) as bigint)
from work.lines where kind in ('return', 'positive_return')
union all
select 'sales without a price: passed on, staging rejects them', count(*)
from work.rows where kind = 'sale' and unit_price <= 0
union all
select 'refunds above the amount of their line: passed on, staging rejects them', count(*)
from priced_returns where amount > line_amount
union all
select 'orders without a customer', count(*)
from work.invoices where customer_id is null
union all
select 'orders without a country code', count(*)
from work.invoices where country_code is null
