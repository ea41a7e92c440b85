-- Accounts: Olist gives every order a new one.
-- Grain: one row per customer row.
select
    customer_id,
    customer_unique_id as user_id,
    null as created_at
from source.customers
