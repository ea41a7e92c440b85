{#- Who is erased is read from raw rows, rejected ones and copies included: a request must not be lost
    because its row is at fault or an older copy is kept. -#}

{%- macro erased_by(table) -%}
    {#- Written out, because staging models must name what they read while dbt parses. Other tables
        hold no personal data, or name nobody (external_reviews). -#}
    {{ return({
        'users': ['users'],
        'ratings': ['customers', 'order_lines'],
    }.get(table, [])) }}
{%- endmacro -%}


{%- macro erased_key(table) -%}
    {{ return({
        'users': 'user_id', 'customers': 'customer_id', 'order_lines': 'order_line_id',
    }[table]) }}
{%- endmacro -%}


{%- macro erased_users(users) -%}
select distinct trim(cast(user_id as string)) as user_id
from {{ users }}
where nullif(trim(cast(erased_at as string)), '') is not null
    and nullif(trim(cast(user_id as string)), '') is not null
{%- endmacro -%}


{%- macro erased_customers(customers, erased_users) -%}
select distinct trim(cast(customers.customer_id as string)) as customer_id
from {{ customers }} as customers
inner join {{ erased_users }} as erased_users
    on trim(cast(customers.user_id as string)) = erased_users.user_id
where nullif(trim(cast(customers.customer_id as string)), '') is not null
{%- endmacro -%}


{%- macro erased_order_lines(order_lines, orders, erased_customers) -%}
select distinct trim(cast(order_lines.order_line_id as string)) as order_line_id
from {{ order_lines }} as order_lines
inner join {{ orders }} as orders
    on trim(cast(order_lines.order_id as string)) = trim(cast(orders.order_id as string))
inner join {{ erased_customers }} as erased_customers
    on trim(cast(orders.customer_id as string)) = erased_customers.customer_id
where nullif(trim(cast(order_lines.order_line_id as string)), '') is not null
{%- endmacro -%}


{%- macro rows_without_erased(table, relation, erased) -%}
    {#- The contract's columns and no others; the tagged ones are null in rows of an erased person. -#}
    {%- set keys = [] -%}
    {%- for name in erased -%}
        {%- do keys.append('erased_' ~ name ~ '.' ~ erased_key(name)) -%}
    {%- endfor -%}
select
    {%- for column in raw_contract(table).columns %}
    {% if keys and column.rules.is_personal_data -%}
    case when coalesce({{ keys | join(', ') }}) is null then landed.{{ column.name }} end
        as {{ column.name }}
    {%- else -%}
    landed.{{ column.name }}
    {%- endif -%}
    {{ ',' if not loop.last }}
    {%- endfor %}
from {{ relation }} as landed
{%- for name, erased_rows in erased.items() %}
left join {{ erased_rows }} as erased_{{ name }}
    on trim(cast(landed.{{ erased_key(name) }} as string)) = erased_{{ name }}.{{ erased_key(name) }}
{%- endfor %}
{%- endmacro -%}


{%- macro shown_row_key(contract) -%}
    {#- A key of a person is not shown outside staging; an empty one still tells that it is missing. -#}
    {%- if not is_about_a_person(contract) -%}
        {{ return(row_key(contract.key)) }}
    {%- endif -%}
    case when {{ row_key(contract.key) }} <> '' then '(personal data)' else '' end
{%- endmacro -%}


{%- macro shown_reject_value(contract) -%}
    {#- Rows about a person show no value at all: when columns are shifted, a name stands anywhere. -#}
    {%- set hidden = [] -%}
    {%- for column in contract.columns
        if column.rules.is_personal_data or column.rules.is_person_identifier -%}
        {%- do hidden.append(sql_text(column.name)) -%}
    {%- endfor -%}
    {%- if is_about_a_person(contract) -%}
    case when reject_value is not null then '(personal data)' end
    {%- elif hidden -%}
    case
        when reject_value is not null and reject_column in ({{ hidden | join(', ') }})
            then '(personal data)'
        else reject_value
    end
    {%- else -%}
    reject_value
    {%- endif -%}
{%- endmacro -%}


{%- macro is_about_a_person(contract) -%}
    {%- set identifiers = contract.columns
        | selectattr('rules.is_person_identifier') | map(attribute='name') | list -%}
    {{ return(contract.key | select('in', identifiers) | list | length > 0) }}
{%- endmacro -%}
