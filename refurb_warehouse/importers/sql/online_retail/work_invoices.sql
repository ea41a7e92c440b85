-- Invoices with a sale of a product. An invoice that names two customers or countries gives a row
-- for each, which staging rejects as a conflict.
-- Grain: one row per (invoice, customer_id, country).
with invoices as (
    select
        invoice,
        customer_id,
        country,
        min(invoice_date) as invoice_date
    from work.lines
    where kind = 'sale'
    group by invoice, customer_id, country
)

select
    invoices.*,
    country_codes.country_code
from invoices
left join work.country_codes as country_codes
    on invoices.country = country_codes.country
