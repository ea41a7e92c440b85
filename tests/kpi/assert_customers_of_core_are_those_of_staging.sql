-- Hashing an account loses none, mixes none up, and finds it in dim_customers wherever it was found
-- before; a person is the hash of the user, or of an account without one.
{% set facts = [
    ('fct_order_lines', 'int_order_lines_attributed'),
    ('fct_ratings', 'int_ratings_phased'),
    ('fct_support_cases', 'int_support_cases'),
] %}
with accounts as (
    select
        customers.customer_id,
        {{ keyed_hash('customer', 'customers.customer_id') }} as hashed_customer_id,
        {{ keyed_hash('user', 'customers.user_id') }} as hashed_user_id
    from {{ ref('stg_marketplace__customers') }} as customers
    left join {{ ref('stg_marketplace__erased_customers') }} as erased_customers
        on customers.customer_id = erased_customers.customer_id
    where erased_customers.customer_id is null
),

counted as (
    {% for fact, rows_before in facts %}
    select
        '{{ fact }}' as model_name,
        count(fact_rows.customer_id) as named_rows,
        count(distinct fact_rows.customer_id) as known_customers,
        count(dim_customers.customer_id) as found_rows
    from {{ ref(fact) }} as fact_rows
    left join {{ ref('dim_customers') }} as dim_customers
        on fact_rows.customer_id = dim_customers.customer_id

    union all

    select
        '{{ fact }}' as model_name,
        count(rows_before.customer_id) as named_rows,
        count(distinct rows_before.customer_id) as known_customers,
        count(accounts.customer_id) as found_rows
    from {{ ref(rows_before) }} as rows_before
    left join accounts
        on rows_before.customer_id = accounts.customer_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select model_name
from counted
group by model_name
having
    min(named_rows) <> max(named_rows)
    or min(known_customers) <> max(known_customers)
    or min(found_rows) <> max(found_rows)

union all

select 'fct_returns' as model_name
from {{ ref('fct_returns') }} as return_lines
inner join {{ ref('fct_order_lines') }} as order_lines
    on return_lines.order_line_id = order_lines.order_line_id
where return_lines.customer_id is distinct from order_lines.customer_id

union all

select 'dim_customers' as model_name
from accounts
full outer join {{ ref('dim_customers') }} as dim_customers
    on accounts.hashed_customer_id = dim_customers.customer_id
where
    accounts.customer_id is null
    or dim_customers.customer_id is null
    or dim_customers.person_id
    <> coalesce(accounts.hashed_user_id, accounts.hashed_customer_id)
