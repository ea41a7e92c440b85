{%- macro quarantine(table, references=[], lookups=[], rules=[]) -%}
    {#- Rows that need a decision: those that fail a check of their own, break a reference or a
        rule across tables, or share a key. A row without a reject_reason is released again. -#}
    {%- set contract = raw_contract(table) -%}
    {%- set key = contract.key -%}
    {%- set breaches = reference_breaches(table, references) + rules -%}
with candidates as (
    select * from {{ ref('base_marketplace__' ~ table) }}
),

raw_files as (
    select * from {{ source('landing', 'raw_files') }}
),

sound_rows as (
    select
        {%- for column in contract.columns %}
        {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from candidates
    where reject_check is null
),

repeated_keys as (
    select {{ key | join(', ') }}
    from sound_rows
    group by {{ key | join(', ') }}
    having count(*) > 1
),
{% for reference in references + lookups %}
{{ reference_alias(reference) }} as (
    {{ referenced_rows(reference) }}
),
{% endfor %}
judged_rows as (
    select
        {%- for column in key %}
        {{ table }}.{{ column }},
        {%- endfor %}
        {% if breaches -%}
        case
        {%- for breach in breaches %}
            when {{ breach.breaks_when }} then {{ loop.index }}
        {%- endfor %}
        end
        {%- else -%}
        cast(null as integer)
        {%- endif %} as broken_rule
    from sound_rows as {{ table }}
    {%- for reference in references + lookups %}
    left join {{ reference_alias(reference) }}
        on {{ join_condition(table, reference) }}
    {%- endfor %}
),

broken_keys as (
    select
        {{ key | join(', ') }},
        min(broken_rule) as broken_rule
    from judged_rows
    where broken_rule is not null
    group by {{ key | join(', ') }}
),

suspect_rows as (
    select
        sound_rows.*,
        broken_keys.broken_rule,
        {{ row_text('sound_rows', contract) }} as row_text
    from sound_rows
    left join broken_keys
        on {{ same_key('sound_rows', 'broken_keys', key) }}
    left join repeated_keys
        on {{ same_key('sound_rows', 'repeated_keys', key) }}
    where broken_keys.{{ key[0] if key else 'key' }} is not null
        or repeated_keys.{{ key[0] if key else 'key' }} is not null
),

copies as (
    select
        *,
        row_number() over newest_first as copy_number,
        first_value(row_text) over newest_first as kept_row_text
    from suspect_rows
    window newest_first as (
        partition by {{ key | join(', ') }}
        order by {{ contract.event_at ~ ' desc nulls last, ' if contract.event_at }}row_text
    )
)

select
    {%- for column in contract.columns %}
    {{ column.name }},
    {%- endfor %}
    reject_column,
    reject_value,
    reject_reason
from candidates
where reject_check is not null

union all

select
    {%- for column in contract.columns %}
    {{ column.name }},
    {%- endfor %}
    case
        when copy_number > 1 then {{ sql_text(key | join(', ')) }}
        {%- for breach in breaches %}
        when broken_rule = {{ loop.index }} then {{ sql_text(breach.column) }}
        {%- endfor %}
    end as reject_column,
    case
        when copy_number > 1 then {{ row_key(key) }}
        {%- for breach in breaches %}
        when broken_rule = {{ loop.index }} then cast({{ breach.column }} as varchar)
        {%- endfor %}
    end as reject_value,
    case
        when copy_number > 1 and row_text = kept_row_text then 'duplicate'
        when copy_number > 1 then 'conflicting key'
        {%- for breach in breaches %}
        when broken_rule = {{ loop.index }} then {{ sql_text(breach.reason) }}
        {%- endfor %}
    end as reject_reason
from copies
{%- endmacro -%}


{%- macro accepted_rows(table) -%}
    {#- Sound rows that are not in quarantine, and those that quarantine releases. -#}
    {%- set contract = raw_contract(table) -%}
    {%- set columns = contract.columns | map(attribute='name') | list -%}
    {%- set key = contract.key -%}
    select typed_rows.{{ columns | join(', typed_rows.') }}
    from {{ ref('base_marketplace__' ~ table) }} as typed_rows
    left join {{ ref('quarantine_marketplace__' ~ table) }} as quarantine
        on {{ same_key('typed_rows', 'quarantine', key) }}
    where typed_rows.reject_check is null
        and quarantine.{{ key[0] if key else 'key' }} is null
    union all
    select {{ columns | join(', ') }}
    from {{ ref('quarantine_marketplace__' ~ table) }}
    where reject_reason is null
{%- endmacro -%}


{%- macro reference_breaches(table, references) -%}
    {%- set breaches = [] -%}
    {%- for reference in references -%}
        {%- set alias = reference_alias(reference) -%}
        {%- set condition = [
            table ~ '.' ~ reference.column ~ ' is not null',
            alias ~ '.' ~ reference.key ~ ' is null'] -%}
        {%- if reference.to -%}
            {#- A table that was not delivered cannot be referred to wrongly. -#}
            {%- do condition.append(
                "exists (select 1 from raw_files where source_table = '" ~ reference.to
                ~ "' and is_present)") -%}
        {%- endif -%}
        {%- if reference.when -%}
            {%- do condition.append(reference.when) -%}
        {%- endif -%}
        {%- do breaches.append({
            'column': reference.column,
            'reason': reference.reason or 'not found in ' ~ (reference.to or reference.seed),
            'breaks_when': condition | join(' and ')}) -%}
    {%- endfor -%}
    {{ return(breaches) }}
{%- endmacro -%}


{%- macro reference_alias(reference) -%}
    {{ return(reference.alias or reference.to or reference.seed) }}
{%- endmacro -%}


{%- macro referenced_rows(reference) -%}
    {%- set relation = ref(reference.seed) if reference.seed
        else ref('stg_marketplace__' ~ reference.to) -%}
    select {{ 'distinct ' ~ reference.key if reference.is_repeated else '*' }} from {{ relation }}
{%- endmacro -%}


{%- macro join_condition(table, reference) -%}
    {%- if reference.column -%}
        {{ table }}.{{ reference.column }} = {{ reference_alias(reference) }}.{{ reference.key }}
    {%- endif -%}
    {{ ' and ' if reference.column and reference.on }}{{ reference.on }}
{%- endmacro -%}


{%- macro same_key(left, right, key) -%}
    {%- for column in key -%}
        {{ left }}.{{ column }} = {{ right }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro -%}


{%- macro row_key(key) -%}
    concat_ws('|', {% for column in key -%}
        cast({{ column }} as varchar){{ ', ' if not loop.last }}
    {%- endfor -%})
{%- endmacro -%}


{%- macro row_text(relation, contract) -%}
    {#- The whole row as one text, to tell an exact copy from a row that only shares the key. -#}
    concat_ws('|', {% for column in contract.columns -%}
        coalesce(cast({{ relation }}.{{ column.name }} as varchar), '~'){{ ', ' if not loop.last }}
    {%- endfor -%})
{%- endmacro -%}
