-- A person is the hash of the user, or of an account without one: every account has a row with its
-- person in dim_customers, and the people of outcomes are found there.
with accounts as (
    select
        {{ keyed_hash('customer', 'customers.customer_id') }} as customer_id,
        {{ keyed_hash('user', 'customers.user_id') }} as user_id
    from {{ ref('stg_marketplace__customers') }} as customers
    left join {{ ref('stg_marketplace__erased_customers') }} as erased_customers
        on customers.customer_id = erased_customers.customer_id
    where erased_customers.customer_id is null
),

people as (
    select person_id
    from {{ ref('dim_customers') }}
    group by person_id
),

people_with_outcomes as (
    select person_id
    from {{ ref('fct_customer_outcomes') }}
    where person_id is not null
    group by person_id
)

select 'dim_customers' as model_name
from accounts
full outer join {{ ref('dim_customers') }} as dim_customers
    on accounts.customer_id = dim_customers.customer_id
where
    accounts.customer_id is null
    or dim_customers.customer_id is null
    or dim_customers.person_id <> coalesce(accounts.user_id, accounts.customer_id)

union all

-- where no account was delivered, there is nobody to be found
select 'fct_customer_outcomes' as model_name
from people_with_outcomes
left join people
    on people_with_outcomes.person_id = people.person_id
where
    people.person_id is null
    and exists (select 1 from {{ ref('dim_customers') }})
