-- The person behind each account: the user, or the account itself where no user is known.
-- Grain: one row per customer_id.
with customers as (
    select * from {{ ref('stg_marketplace__customers') }}
)

select
    customer_id,
    user_id,
    case
        when user_id is not null then concat('user:', user_id)
        else concat('customer:', customer_id)
    end as person_key
from customers
