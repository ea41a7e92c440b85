-- Hashing an account loses none in the facts, mixes none up, and finds it in dim_customers wherever
-- it was found before.
{% set facts = [
    ('fct_order_lines', 'int_order_lines_attributed'),
    ('fct_ratings', 'int_ratings_phased'),
    ('fct_support_cases', 'int_support_cases'),
] %}
with known as (
    select
        true as is_hashed,
        customer_id
    from {{ ref('dim_customers') }}

    union all

    select
        false as is_hashed,
        customers.customer_id
    from {{ ref('stg_marketplace__customers') }} as customers
    left join {{ ref('stg_marketplace__erased_customers') }} as erased_customers
        on customers.customer_id = erased_customers.customer_id
    where erased_customers.customer_id is null
),

-- one join for all: a join for each fact and its source held them all in memory at once
named as (
    {% for fact, rows_before in facts %}
    {% for model, is_hashed in [(fact, 'true'), (rows_before, 'false')] %}
    select
        '{{ fact }}' as model_name,
        {{ is_hashed }} as is_hashed,
        customer_id,
        count(*) as named_rows
    from {{ ref(model) }}
    where customer_id is not null
    group by customer_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        named.model_name,
        named.is_hashed,
        sum(named.named_rows) as named_rows,
        count(*) as named_customers,
        coalesce(sum(case when known.customer_id is not null then named.named_rows end), 0)
            as found_rows
    from named
    left join known
        on
            named.customer_id = known.customer_id
            and named.is_hashed = known.is_hashed
    group by named.model_name, named.is_hashed
)

select model_name
from counted
group by model_name
having
    count(*) <> 2
    or min(named_rows) <> max(named_rows)
    or min(named_customers) <> max(named_customers)
    or min(found_rows) <> max(found_rows)

union all

select 'fct_returns' as model_name
from {{ ref('fct_returns') }} as return_lines
inner join {{ ref('fct_order_lines') }} as order_lines
    on return_lines.order_line_id = order_lines.order_line_id
where return_lines.customer_id is distinct from order_lines.customer_id
