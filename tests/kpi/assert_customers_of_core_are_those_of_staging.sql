-- Hashing an account loses none, mixes none up, and finds it in dim_customers wherever it was found
-- before; a person is the hash of the user, or of an account without one, in every fact.
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

{% for fact, rows_before in facts %}
{{ fact }}_customers as (
    select
        customer_id,
        count(*) as named_rows
    from {{ ref(fact) }}
    where customer_id is not null
    group by customer_id
),

{{ rows_before }}_customers as (
    select
        customer_id,
        count(*) as named_rows
    from {{ ref(rows_before) }}
    where customer_id is not null
    group by customer_id
),
{% endfor %}
counted as (
    {% for fact, rows_before in facts %}
    select
        '{{ fact }}' as model_name,
        coalesce(sum(found.named_rows), 0) as named_rows,
        count(*) as known_customers,
        coalesce(sum(case when dim_customers.customer_id is not null then found.named_rows end), 0)
            as found_rows
    from {{ fact }}_customers as found
    left join {{ ref('dim_customers') }} as dim_customers
        on found.customer_id = dim_customers.customer_id

    union all

    select
        '{{ fact }}' as model_name,
        coalesce(sum(found.named_rows), 0) as named_rows,
        count(*) as known_customers,
        coalesce(sum(case when accounts.customer_id is not null then found.named_rows end), 0)
            as found_rows
    from {{ rows_before }}_customers as found
    left join accounts
        on found.customer_id = accounts.customer_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
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

union all

-- where no account was delivered, there is nobody to be found
select 'fct_customer_outcomes' as model_name
from people_with_outcomes
left join people
    on people_with_outcomes.person_id = people.person_id
where
    people.person_id is null
    and exists (select 1 from {{ ref('dim_customers') }})
