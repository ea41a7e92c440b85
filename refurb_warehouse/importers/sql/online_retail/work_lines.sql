-- Distinct rows of sales and returns, numbered within invoice and product.
-- Grain: one row per distinct source row; `copies` says how often it stands in the source.
with distinct_rows as (
    select
        *,
        count(*) as copies
    from work.rows
    where kind in ('sale', 'return', 'positive_return')
    group by all
),

numbered as (
    select
        *,
        row_number() over (
            partition by invoice, product_code
            order by
                invoice_date, stock_code, unit_price, price, units, quantity, description,
                customer_id, country
        ) as line_number
    from distinct_rows
)

select
    *,
    invoice || '-' || coalesce(product_code, '') || '-' || line_number as line_id
from numbered
