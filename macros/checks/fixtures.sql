{%- macro get_fixture_sql(rows, column_name_to_data_types) -%}
    {#- dbt calls this macro for the rows that a unit test gives to an input. dbt's own asks the
        database for the input's columns and casts each of them in every row, a fifth of what a unit
        test costs; DuckDB can take the types from the table itself. -#}
    {{ return(adapter.dispatch('fixture_sql', 'refurb')(rows, column_name_to_data_types)) }}
{%- endmacro -%}

{%- macro default__fixture_sql(rows, column_name_to_data_types) -%}
    {{ return(dbt.get_fixture_sql(rows, column_name_to_data_types)) }}
{%- endmacro -%}

{%- macro duckdb__fixture_sql(rows, column_name_to_data_types) -%}
    {%- set relation = defer_relation if defer_relation and not load_relation(this) else this -%}
    with no_row as (
        select fixture.* from (select 1 as only_row) as one left join {{ relation }} as fixture on false
    )
    {%- for row in rows %}
    {{ 'union all ' if not loop.first -}}
    select *
        {%- for name, value in row.items() if value is not none -%}
        {{ ' replace (' if loop.first }}coalesce({{ name }},
        {%- if value is not string -%} {{ value }}
        {%- elif "'" in value -%} {{ dbt.string_literal(dbt.escape_single_quotes(value)) }}
        {%- else -%} '{{ value }}'
        {%- endif %}) as {{ name }}{{ ')' if loop.last else ', ' }}
        {%- endfor %}
    from no_row
    {%- else %}
    select * from no_row where false
    {%- endfor -%}
{%- endmacro -%}
