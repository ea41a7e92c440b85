{%- macro quarantine(table, references=[], lookups=[], rules=[]) -%}
    {#- Rows that need a decision: those that fail a check of their own, break a reference or a
        rule across tables, or share a key. A row without a reject_reason is released again. -#}
    {%- set contract = raw_contract(table) -%}
    {%- set key = contract.key -%}
    {%- set breaches = reference_breaches(table, references) + rules -%}
with candidates as (
    select * from {{ gate('base', table) }}
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

repeated_rows as (
    select
        sound_rows.*,
        {{ row_text('sound_rows', contract) }} as row_text
    from sound_rows
    inner join repeated_keys
        on {{ same_key('sound_rows', 'repeated_keys', key) }}
),

copies as (
    select
        *,
        row_number() over newest_first as copy_number,
        first_value(row_text) over newest_first as kept_row_text
    from repeated_rows
    window newest_first as (
        partition by {{ key | join(', ') }}
        order by {{ contract.event_at ~ ' desc nulls last, ' if contract.event_at }}row_text
    )
),

-- one row for each key: a copy that is not kept breaks no reference for the one that is
kept_rows as (
    select sound_rows.*
    from sound_rows
    left join repeated_keys
        on {{ same_key('sound_rows', 'repeated_keys', key) }}
    where repeated_keys.{{ key[0] if key else 'key' }} is null

    union all

    select
        {%- for column in contract.columns %}
        {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from copies
    where copy_number = 1
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
    from kept_rows as {{ table }}
    {%- for reference in references + lookups %}
    left join {{ reference_alias(reference) }}
        on {{ join_condition(table, reference) }}
    {%- endfor %}
),

-- a lookup may find several rows, the first rule that any of them breaks counts
broken_keys as (
    select
        {{ key | join(', ') }},
        min(broken_rule) as broken_rule
    from judged_rows
    where broken_rule is not null
    group by {{ key | join(', ') }}
),

-- the keys alone were judged: joins that carry whole rows do not fit into memory
questioned_rows as (
    select
        sound_rows.*,
        broken_keys.broken_rule
    from sound_rows
    inner join broken_keys
        on {{ same_key('sound_rows', 'broken_keys', key) }}
    left join repeated_keys
        on {{ same_key('sound_rows', 'repeated_keys', key) }}
    where repeated_keys.{{ key[0] if key else 'key' }} is null

    union all

    select
        {%- for column in contract.columns %}
        copies.{{ column.name }},
        {%- endfor %}
        broken_keys.broken_rule
    from copies
    left join broken_keys
        on {{ same_key('copies', 'broken_keys', key) }}
    where copies.copy_number = 1
)

select
    {%- for column in contract.columns %}
    {{ column.name }},
    {%- endfor %}
    false as is_sound,
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
    true as is_sound,
    {{ sql_text(key | join(', ')) }} as reject_column,
    {{ row_key(key) }} as reject_value,
    case when row_text = kept_row_text then 'duplicate' else 'conflicting key' end as reject_reason
from copies
where copy_number > 1

union all

select
    {%- for column in contract.columns %}
    {{ column.name }},
    {%- endfor %}
    true as is_sound,
    {{ of_broken_rule(breaches, 'column') }} as reject_column,
    {{ of_broken_rule(breaches, 'value') }} as reject_value,
    {{ of_broken_rule(breaches, 'reason') }} as reject_reason
from questioned_rows
{%- endmacro -%}


{%- macro accepted_rows(table) -%}
    {#- Sound rows that are not in quarantine, and those that quarantine releases. A row that failed a
        check of its own says nothing of a sound one with its key. Quarantine has every row that
        failed: where it does not know the key nothing is checked again, which is half the cost of
        reading a table. -#}
    {%- set contract = raw_contract(table) -%}
    {%- set columns = contract.columns | map(attribute='name') | list -%}
    {%- set key = contract.key -%}
    with quarantined_keys as (
        select
            {{ key | join(', ') }},
            bool_or(is_sound) as is_questioned
        from {{ gate('quarantine', table) }}
        group by {{ key | join(', ') }}
    )

    select typed_rows.{{ columns | join(', typed_rows.') }}
    from {{ gate('base', table) }} as typed_rows
    left join quarantined_keys
        on {{ same_key('typed_rows', 'quarantined_keys', key) }}
    where
        case
            when
                quarantined_keys.is_questioned is null
                {%- for column in key %}
                and typed_rows.{{ column }} is not null
                {%- endfor %}
                then true
            when quarantined_keys.is_questioned then false
            else typed_rows.reject_check is null
        end
    union all
    select {{ columns | join(', ') }}
    from {{ gate('quarantine', table) }}
    where reject_reason is null
{%- endmacro -%}


{%- macro of_broken_rule(breaches, part) -%}
    {%- if not breaches -%}
        {{ return('cast(null as string)') }}
    {%- endif -%}
    case broken_rule
    {%- for breach in breaches %}
        when {{ loop.index }} then {{ {
            'column': sql_text(breach.column),
            'value': 'cast(' ~ breach.column ~ ' as string)',
            'reason': sql_text(breach.reason),
        }[part] }}
    {%- endfor %}
    end
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
        else gate('stg', reference.to) -%}
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
        cast({{ column }} as string){{ ', ' if not loop.last }}
    {%- endfor -%})
{%- endmacro -%}


{%- macro row_text(relation, contract) -%}
    {#- The whole row as one text, to tell an exact copy from a row that only shares the key. Bars and
        tildes of the values are spelled out, so that no two rows have one text. -#}
    concat_ws('|', {% for column in contract.columns -%}
        {%- set value = 'cast(' ~ relation ~ '.' ~ column.name ~ ' as string)' -%}
        {%- if column.data_type == 'varchar' -%}
            {%- set value = "replace(replace(" ~ value ~ ", '~', '~0'), '|', '~1')" -%}
        {%- endif -%}
        coalesce({{ value }}, '~'){{ ', ' if not loop.last }}
    {%- endfor -%})
{%- endmacro -%}
