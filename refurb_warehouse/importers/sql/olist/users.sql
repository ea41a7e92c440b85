-- People, with the city of their latest order.
-- Grain: one row per customer_unique_id.
with purchases as (
    select
        customers.customer_unique_id,
        customers.customer_city,
        orders.order_purchase_timestamp as purchased_at,
        customers.customer_id
    from source.customers as customers
    left join source.orders as orders
        on customers.customer_id = orders.customer_id
),

ranked as (
    select
        customer_unique_id,
        customer_city,
        row_number() over (
            partition by customer_unique_id
            order by purchased_at desc nulls last, customer_id, customer_city
        ) as recency
    from purchases
)

select
    customer_unique_id as user_id,
    null as email,
    null as full_name,
    null as phone,
    'BR' as country_code,
    customer_city as city,
    null as created_at,
    null as has_marketing_consent,
    null as erased_at
from ranked
where recency = 1
