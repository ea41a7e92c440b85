{%- macro spark__get_assert_columns_equivalent(sql) -%}
    {#- dbt's own way runs two queries for each model. Spark can say of a query what it would answer. -#}
    {%- set expected, found = [], [] -%}
    {%- for column in model.columns.values() -%}
        {%- do expected.append(column.name | lower ~ ' ' ~ type_on_spark(column.data_type)) -%}
    {%- endfor -%}
    {%- for row in run_query('describe query ' ~ sql).rows -%}
        {%- do found.append(row[0] | lower ~ ' ' ~ row[1]) -%}
    {%- endfor -%}
    {%- set missing = expected | reject('in', found) | sort -%}
    {%- set unexpected = found | reject('in', expected) | sort -%}
    {%- if missing or unexpected -%}
        {{ exceptions.raise_compiler_error(
            'The contract of ' ~ model.name ~ ' is broken. It promises ' ~ (missing | join(', ') or 'no more')
            ~ '; the query answers ' ~ (unexpected | join(', ') or 'no more') ~ '.') }}
    {%- endif -%}
{%- endmacro -%}


{%- macro type_on_spark(data_type) -%}
    {%- set names = {'varchar': 'string', 'integer': 'int', 'timestamp': 'timestamp_ntz'} -%}
    {%- set name = data_type | lower | replace(' ', '') -%}
    {{ return(names.get(name, name)) }}
{%- endmacro -%}
