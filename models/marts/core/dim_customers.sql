-- Customer accounts and the person behind them, without personal data.
-- Grain: one row per customer_id.
with customers as (
    select * from {{ ref('stg_marketplace__customers') }}
),

users as (
    select * from {{ ref('stg_marketplace__users') }}
)

select
    -- keys
    customers.customer_id,
    coalesce(customers.user_id, customers.customer_id) as person_id,

    -- attributes
    case when users.erased_at is null then users.country_code end as country_code,

    -- booleans
    case when users.user_id is not null then users.erased_at is not null end as is_erased,
    coalesce(users.has_marketing_consent, false)
    and users.erased_at is null as has_marketing_consent,

    -- times
    customers.created_at
from customers
left join users
    on customers.user_id = users.user_id
