-- Customers as people, with the country of their latest order.
-- Grain: one row per customer number.
with ranked as (
    select
        customer_id,
        country_code,
        row_number() over (
            partition by customer_id
            order by invoice_date desc nulls last, invoice desc
        ) as recency
    from work.invoices
    where customer_id is not null
)

select
    customer_id as user_id,
    null as email,
    null as full_name,
    null as phone,
    country_code,
    null as city,
    null as created_at,
    null as has_marketing_consent,
    null as erased_at
from ranked
where recency = 1
