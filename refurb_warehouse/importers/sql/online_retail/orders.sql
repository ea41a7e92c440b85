-- Invoices as orders, in pounds.
-- Grain: one row per row of work.invoices.
select
    invoice as order_id,
    customer_id,
    local_to_utc(invoice_date, 'Europe/London') as ordered_at,
    'invoiced' as status,
    'GBP' as currency_code,
    country_code
from work.invoices
