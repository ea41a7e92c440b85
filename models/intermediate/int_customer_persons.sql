-- The person behind each account that has ordered: the user, or the account itself where no user is
-- known. Erased accounts have none.
-- Grain: one row per customer_id.
{{ config(materialized='table') }}

with order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

customers as (
    select * from {{ ref('stg_marketplace__customers') }}
),

accounts as (
    select distinct customer_id
    from order_lines
    where customer_id is not null
)

select
    accounts.customer_id,
    customers.user_id,
    case
        when customers.user_id is not null then concat('user:', customers.user_id)
        else concat('customer:', accounts.customer_id)
    end as person_key
from accounts
left join customers
    on accounts.customer_id = customers.customer_id
