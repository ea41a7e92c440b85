{%- macro duration_measures(duration, microseconds) -%}
    {#- Sum, mean, median and 90th percentile of the durations that are known. Whole microseconds add
        up to the same in any order; doubles do not. -#}
    sum(cast(round({{ duration }} * {{ microseconds }}) as bigint)) / {{ microseconds }}
        as {{ duration }}_sum,
    sum(cast(round({{ duration }} * {{ microseconds }}) as bigint)) / {{ microseconds }}
    / count({{ duration }}) as mean_{{ duration }},
    {{ median_and_p90(duration) }}
{%- endmacro -%}


{%- macro median_and_p90(duration) -%}
    {{ percentile(duration, ['0.5E0', '0.9E0'], 0) }} as median_{{ duration }},
    {{ percentile(duration, ['0.5E0', '0.9E0'], 1) }} as p90_{{ duration }}
{%- endmacro -%}


{%- macro days_measures(days) -%}
    {{ duration_measures(days, '86400E6') }}
{%- endmacro -%}


{%- macro hours_measures(hours) -%}
    {{ duration_measures(hours, '3600E6') }}
{%- endmacro -%}
