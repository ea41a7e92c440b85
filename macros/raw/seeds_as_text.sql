{%- macro duckdb__create_csv_table(model, agate_table) -%}
    {#- The demo extracts land as text, as a user's files do: the staging gate types them. dbt would
        guess a type for every column. Reference seeds keep dbt's way. -#}
    {%- if model.schema != 'raw' -%}
        {{ return(default__create_csv_table(model, agate_table)) }}
    {%- endif -%}
    {%- set sql -%}
        create table {{ this.render() }} ({{ agate_table.column_names | join(' varchar, ') }} varchar)
    {%- endset -%}
    {%- call statement('create_text_seed') -%}
        {{ sql }}
    {%- endcall -%}
    {{ return(sql) }}
{%- endmacro -%}
