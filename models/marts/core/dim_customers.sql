-- Customer accounts and the person behind them, without personal data. Erased people have no row.
-- Grain: one row per customer_id.
with customers as (
    select * from {{ ref('stg_marketplace__customers') }}
),

users as (
    select * from {{ ref('stg_marketplace__users') }}
),

erased_customers as (
    select * from {{ ref('stg_marketplace__erased_customers') }}
)

select
    -- keys
    {{ keyed_hash('customer', 'customers.customer_id') }} as customer_id,
    coalesce(
        {{ keyed_hash('user', 'customers.user_id') }},
        {{ keyed_hash('customer', 'customers.customer_id') }}
    ) as person_id,

    -- attributes
    users.country_code,

    -- booleans
    coalesce(users.has_marketing_consent, false) as has_marketing_consent,

    -- times
    customers.created_at
from customers
left join users
    on customers.user_id = users.user_id
left join erased_customers
    on customers.customer_id = erased_customers.customer_id
where erased_customers.customer_id is null
