{#- dbt-spark's own go through texts and seconds, refuse nulls, and answer times in the session's zone.
    These answer what DuckDB does: a time without a zone, a whole number, a day. -#}

{%- macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- set months = {'month': 1, 'quarter': 3, 'year': 12} -%}
    {%- set days = {'day': 1, 'week': 7} -%}
    {%- if datepart in months -%}
        (cast({{ from_date_or_timestamp }} as timestamp_ntz)
        + make_ym_interval(0, cast({{ interval }} as int) * {{ months[datepart] }}))
    {%- elif datepart in days -%}
        (cast({{ from_date_or_timestamp }} as timestamp_ntz)
        + make_dt_interval(cast({{ interval }} as int) * {{ days[datepart] }}))
    {%- else -%}
        {{ exceptions.raise_compiler_error('dateadd on Spark knows no ' ~ datepart) }}
    {%- endif -%}
{%- endmacro -%}


{%- macro spark__datediff(first_date, second_date, datepart) -%}
    {%- set second, first = 'cast(' ~ second_date ~ ' as date)', 'cast(' ~ first_date ~ ' as date)' -%}
    {%- if datepart == 'day' -%}
        cast(datediff({{ second }}, {{ first }}) as bigint)
    {%- elif datepart == 'month' -%}
        cast((year({{ second }}) - year({{ first }})) * 12 + month({{ second }}) - month({{ first }}) as bigint)
    {%- else -%}
        {{ exceptions.raise_compiler_error('datediff on Spark knows no ' ~ datepart) }}
    {%- endif -%}
{%- endmacro -%}


{%- macro spark__date_spine(datepart, start_date, end_date) -%}
    {#- The end is left out, as in dbt's own. -#}
    select explode(sequence(
        {{ start_date }}, date_sub({{ end_date }}, 1), interval 1 {{ datepart }}
    )) as date_{{ datepart }}
{%- endmacro -%}


{%- macro spark__generate_series(upper_bound) -%}
    select explode(sequence(1, {{ upper_bound }})) as generated_number
{%- endmacro -%}


{%- macro spark__last_day(date, datepart) -%}
    last_day({{ date }})
{%- endmacro -%}
