-- Purchases and returns of a customer and a product that has returns.
-- Grain: one row per distinct row of a sale or a return.
with events as (
    select
        customer_id,
        product_code,
        cast(try_cast(invoice_date as timestamp) as varchar) as happened_at,
        kind = 'return' as is_return,
        line_id,
        abs(units) as units
    from work.lines
    where
        customer_id is not null
        and product_code is not null
        and line_id is not null
        and try_cast(invoice_date as timestamp) is not null
        and ((kind = 'return' and units < 0) or (kind = 'sale' and units > 0 and unit_price > 0))
),

returned as (
    select distinct
        customer_id,
        product_code
    from events
    where is_return
)

select events.*
from events
semi join returned
    on
        events.customer_id = returned.customer_id
        and events.product_code = returned.product_code
