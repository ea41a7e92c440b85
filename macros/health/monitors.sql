{%- macro build_started_at() -%}
    {#- The clock of the build; what the data says of time goes by int_as_of_date. -#}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp)
{%- endmacro -%}


{%- macro max_lag_days(source_table) -%}
    case {{ source_table }}
    {%- for table, days in var('max_lag_days').items() %}
        when '{{ table }}' then {{ days }}
    {%- endfor %}
        when 'return_lines' then {{ var('max_return_lag_days') }}
    end
{%- endmacro -%}


{%- macro duckdb__collect_freshness(source, loaded_at_field, filter) -%}
    {#- Raw columns may be text, which dbt's own query would compare as text. Times in the future
        are typing errors that the gate rejects. A table that was not delivered is not late. -#}
    {%- call statement('collect_freshness', fetch_result=True, auto_begin=False) -%}
        with raw_rows as (
            select {{ utc_timestamp(loaded_at_field) }} as loaded_at from {{ source }}
        ),

        latest as (
            select max(loaded_at) as loaded_at
            from raw_rows
            where loaded_at <= cast('{{ tomorrow() }}' as timestamp)
        )

        select
            coalesce(latest.loaded_at, cast('{{ tomorrow() }}' as timestamp)) as max_loaded_at,
            {{ current_timestamp() }} as snapshotted_at
        from latest
    {%- endcall -%}
    {{ return(load_result('collect_freshness')) }}
{%- endmacro -%}
