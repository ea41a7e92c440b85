{#- Bridges between engines: what DuckDB and Spark spell differently stands here and nowhere else. -#}

{%- macro try_cast(expression, data_type) -%}
    try_cast({{ expression }} as {{ data_type }})
{%- endmacro -%}


{%- macro utc_timestamp(expression) -%}
    {{ return(adapter.dispatch('utc_timestamp', 'refurb')(expression)) }}
{%- endmacro -%}

{%- macro default__utc_timestamp(expression) -%}
    {#- Spark takes a year, or an hour of today, for a time. -#}
    {{ return('case when ' ~ expression ~ " rlike r'^\d{1,6}-\d{1,2}-\d{1,2}($|[ T])' then "
        ~ 'cast(try_cast(' ~ expression ~ ' as timestamp_ltz) as timestamp_ntz) end') }}
{%- endmacro -%}

{%- macro duckdb__utc_timestamp(expression) -%}
    {#- A plain cast would drop an offset and be hours off. Text without one is read in the session's
        time zone, which land_raw holds to UTC. -#}
    {{ return("timezone('UTC', try_cast(" ~ expression ~ ' as timestamptz))') }}
{%- endmacro -%}


{%- macro matches_pattern(expression, pattern) -%}
    {{ return(adapter.dispatch('matches_pattern', 'refurb')(expression, pattern)) }}
{%- endmacro -%}

{%- macro default__matches_pattern(expression, pattern) -%}
    {{ return(expression ~ " rlike r'^(" ~ pattern ~ ")$'") }}
{%- endmacro -%}

{%- macro duckdb__matches_pattern(expression, pattern) -%}
    {{ return('regexp_full_match(' ~ expression ~ ", '" ~ pattern ~ "')") }}
{%- endmacro -%}


{%- macro elapsed_seconds(start, end) -%}
    {{ return(adapter.dispatch('elapsed_seconds', 'refurb')(start, end)) }}
{%- endmacro -%}

{%- macro default__elapsed_seconds(start, end) -%}
    {{ return('(unix_micros(cast(' ~ end ~ ' as timestamp_ltz)) - unix_micros(cast(' ~ start
        ~ ' as timestamp_ltz))) / 1000000E0') }}
{%- endmacro -%}

{%- macro duckdb__elapsed_seconds(start, end) -%}
    {{ return('(epoch_us(' ~ end ~ ') - epoch_us(' ~ start ~ ')) / 1000000E0') }}
{%- endmacro -%}


{%- macro elapsed_days(start, end) -%}
    {{ elapsed_seconds(start, end) }} / 86400E0
{%- endmacro -%}


{%- macro elapsed_hours(start, end) -%}
    {{ elapsed_seconds(start, end) }} / 3600E0
{%- endmacro -%}


{%- macro reporting_date(utc_timestamp) -%}
    cast({{ to_reporting_timezone(utc_timestamp) }} as date)
{%- endmacro -%}


{%- macro reporting_month(utc_timestamp) -%}
    cast(date_trunc('month', {{ to_reporting_timezone(utc_timestamp) }}) as date)
{%- endmacro -%}


{%- macro to_reporting_timezone(utc_timestamp) -%}
    {{ return(adapter.dispatch('to_reporting_timezone', 'refurb')(utc_timestamp)) }}
{%- endmacro -%}

{%- macro default__to_reporting_timezone(utc_timestamp) -%}
    {{ return("convert_timezone('UTC', '" ~ var('reporting_timezone') ~ "', cast(" ~ utc_timestamp
        ~ ' as timestamp_ntz))') }}
{%- endmacro -%}

{%- macro duckdb__to_reporting_timezone(utc_timestamp) -%}
    {{ return("timezone('" ~ var('reporting_timezone') ~ "', timezone('UTC', " ~ utc_timestamp ~ '))') }}
{%- endmacro -%}


{%- macro generate_schema_name(custom_schema_name, node) -%}
    {#- A folder's schema as it is written: readers ask for quality.mart_supplier_defects. -#}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro -%}


{%- macro keyed_hash(kind, identifier) -%}
    {#- The kind keeps an agent and a customer apart who happen to have one identifier. Half of the
        digits are enough to tell billions apart, and take half of the space. -#}
    {{ return(adapter.dispatch('keyed_hash', 'refurb')(kind, identifier)) }}
{%- endmacro -%}

{%- macro default__keyed_hash(kind, identifier) -%}
    {#- Spark leaves the text as it stands where the session has no such setting, and puts one public
        text in its place where spark.redaction.regex matches its name. -#}
    {{ return('case when ' ~ identifier ~ " is not null then substr(sha2(concat(if(length('${spark.refurb.salt}') "
        ~ "< 16 or startswith('${spark.refurb.salt}', concat('$', '{')) "
        ~ "or endswith('${spark.refurb.salt}', '(redacted)'), "
        ~ "raise_error('spark.refurb.salt is not set, redacted or shorter than 16 characters'), "
        ~ "'${spark.refurb.salt}'), '|" ~ kind ~ "|', cast(" ~ identifier ~ ' as string)), 256), 1, 32) end') }}
{%- endmacro -%}

{%- macro duckdb__keyed_hash(kind, identifier) -%}
    {{ return('case when ' ~ identifier ~ " is not null then substr(sha256(concat("
        ~ "coalesce(cast(getvariable('refurb_salt') as string), "
        ~ "error('This session has no salt: the profile must list the plugin refurb_warehouse.salt.')), "
        ~ "'|" ~ kind ~ "|', " ~ identifier ~ ')), 1, 32) end') }}
{%- endmacro -%}


{%- macro iso_weekday(day) -%}
    {{ return(adapter.dispatch('iso_weekday', 'refurb')(day)) }}
{%- endmacro -%}

{%- macro default__iso_weekday(day) -%}
    {{ return('(weekday(' ~ day ~ ') + 1)') }}
{%- endmacro -%}

{%- macro duckdb__iso_weekday(day) -%}
    {{ return('isodow(' ~ day ~ ')') }}
{%- endmacro -%}


{%- macro with_value(variable, value, expression) -%}
    {#- A value that an expression needs several times is worked out once, and the SQL stays short. -#}
    {{ return(adapter.dispatch('with_value', 'refurb')(variable, value, expression)) }}
{%- endmacro -%}

{%- macro default__with_value(variable, value, expression) -%}
    {{ return('transform(array(' ~ value ~ '), ' ~ variable ~ ' -> ' ~ expression ~ ')[0]') }}
{%- endmacro -%}

{%- macro duckdb__with_value(variable, value, expression) -%}
    {{ return('list_transform([' ~ value ~ '], lambda ' ~ variable ~ ': ' ~ expression ~ ')[1]') }}
{%- endmacro -%}


{%- macro with_values(variable, values, expression) -%}
    {#- Several values at once, as fields of the variable: DuckDB takes twice as long to plan for each
        lambda within a lambda. -#}
    {{ return(adapter.dispatch('with_values', 'refurb')(variable, values, expression)) }}
{%- endmacro -%}

{%- macro default__with_values(variable, values, expression) -%}
    {%- set fields = [] -%}
    {%- for name, value in values.items() -%}
        {%- do fields.append("'" ~ name ~ "', " ~ value) -%}
    {%- endfor -%}
    {{ return(default__with_value(variable, 'named_struct(' ~ fields | join(', ') ~ ')', expression)) }}
{%- endmacro -%}

{%- macro duckdb__with_values(variable, values, expression) -%}
    {%- set fields = [] -%}
    {%- for name, value in values.items() -%}
        {%- do fields.append("'" ~ name ~ "': " ~ value) -%}
    {%- endfor -%}
    {{ return(duckdb__with_value(variable, '{' ~ fields | join(', ') ~ '}', expression)) }}
{%- endmacro -%}


{%- macro sum_of_series(first, last, variable, term) -%}
    {{ return(adapter.dispatch('sum_of_series', 'refurb')(first, last, variable, term)) }}
{%- endmacro -%}

{%- macro default__sum_of_series(first, last, variable, term) -%}
    {#- A sequence in Spark counts down when its end comes first. -#}
    {{ return('aggregate(filter(sequence(cast(' ~ first ~ ' as bigint), cast(greatest(' ~ first ~ ', '
        ~ last ~ ') as bigint)), ' ~ variable ~ ' -> ' ~ variable ~ ' <= ' ~ last
        ~ '), cast(0 as double), (series_total, ' ~ variable ~ ') -> series_total + ' ~ term ~ ')') }}
{%- endmacro -%}

{%- macro duckdb__sum_of_series(first, last, variable, term) -%}
    {{ return('coalesce(list_sum(list_transform(range(cast(' ~ first ~ ' as bigint), cast(' ~ last
        ~ ' as bigint) + 1), lambda ' ~ variable ~ ': ' ~ term ~ ')), 0E0)') }}
{%- endmacro -%}


{%- macro percentile(measure, shares, number) -%}
    {{ return(adapter.dispatch('percentile', 'refurb')(measure, shares, number)) }}
{%- endmacro -%}

{%- macro default__percentile(measure, shares, number) -%}
    {{ return('percentile_cont(' ~ shares[number] ~ ') within group (order by ' ~ measure ~ ')') }}
{%- endmacro -%}

{%- macro duckdb__percentile(measure, shares, number) -%}
    {#- Each percentile keeps every value in memory; asked for as one list, they keep them once. -#}
    {{ return('(percentile_cont([' ~ shares | join(', ') ~ ']) within group (order by ' ~ measure
        ~ '))[' ~ (number + 1) ~ ']') }}
{%- endmacro -%}
