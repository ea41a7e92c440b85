-- Of people who asked to be erased staging shows nothing personal, and core has no key.
{% set tagged = raw_contract('users').columns
    | selectattr('rules.is_personal_data') | map(attribute='name') | list %}
{% set facts = ['fct_order_lines', 'fct_ratings', 'fct_returns', 'fct_support_cases'] %}
with erased_customers as (
    select {{ keyed_hash('customer', 'customer_id') }} as customer_id
    from {{ ref('stg_marketplace__erased_customers') }}
),

traces as (
    select
        'stg_marketplace__users' as model_name,
        count(*) as traces
    from {{ ref('stg_marketplace__users') }}
    where
        erased_at is not null
        and (false{% for column in tagged %} or {{ column }} is not null{% endfor %})

    union all

    select
        'stg_marketplace__ratings' as model_name,
        count(*) as traces
    from {{ ref('stg_marketplace__ratings') }} as ratings
    inner join {{ ref('stg_marketplace__erased_order_lines') }} as erased_order_lines
        on ratings.order_line_id = erased_order_lines.order_line_id
    where ratings.comment is not null
    {% for model in facts + ['dim_customers'] %}
    union all

    select
        '{{ model }}' as model_name,
        count(*) as traces
    from {{ ref(model) }} as core_rows
    inner join erased_customers
        on core_rows.customer_id = erased_customers.customer_id
    {% endfor %}
)

select
    model_name,
    traces
from traces
where traces > 0
