-- Customers as accounts.
-- Grain: one row per customer number.
with customers as (
    select distinct customer_id
    from work.invoices
    where customer_id is not null
)

select
    customer_id,
    customer_id as user_id,
    null as created_at
from customers
