{%- macro duration_measures(duration, microseconds) -%}
    {#- Sum, mean, median and 90th percentile of the durations that are known. Whole microseconds add
        up to the same in any order; doubles do not. -#}
    sum(cast(round({{ duration }} * {{ microseconds }}) as bigint)) / {{ microseconds }}
        as {{ duration }}_sum,
    sum(cast(round({{ duration }} * {{ microseconds }}) as bigint)) / {{ microseconds }}
    / count({{ duration }}) as mean_{{ duration }},
    percentile_cont(0.5E0) within group (order by {{ duration }}) as median_{{ duration }},
    percentile_cont(0.9E0) within group (order by {{ duration }}) as p90_{{ duration }}
{%- endmacro -%}


{%- macro days_measures(days) -%}
    {{ duration_measures(days, '86400E6') }}
{%- endmacro -%}


{%- macro hours_measures(hours) -%}
    {{ duration_measures(hours, '3600E6') }}
{%- endmacro -%}
