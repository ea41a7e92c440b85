{%- macro rows_unlike_rate(model, rate_name, numerator, denominator) -%}
    {#- Wilson's bounds for the same two parts, and 0 <= low <= rate <= high <= 1. -#}
    select
        '{{ model }}' as model_name,
        '{{ rate_name }}' as rate_name,
        count(*) as broken_rows
    from {{ ref(model) }}
    where
        {{ rate_name }} is distinct from
        cast({{ numerator }} as double) / nullif({{ denominator }}, 0)
        or not (
            0 <= {{ rate_name }}_low
            and {{ rate_name }}_low <= {{ rate_name }} + 1E-12
            and {{ rate_name }} <= {{ rate_name }}_high + 1E-12
            and {{ rate_name }}_high <= 1
        )
        or {{ rate_name }}_low is distinct from {{ wilson_low(numerator, denominator) }}
        or {{ rate_name }}_high is distinct from {{ wilson_high(numerator, denominator) }}
    having count(*) > 0
{%- endmacro -%}


{%- macro rows_unlike_ratio(model, ratio_name, numerator, denominator) -%}
    select
        '{{ model }}' as model_name,
        '{{ ratio_name }}' as rate_name,
        count(*) as broken_rows
    from {{ ref(model) }}
    where
        ({{ ratio_name }} is null) <> (
            ({{ numerator }}) is null or coalesce({{ denominator }}, 0) = 0
        )
        or abs({{ ratio_name }} * {{ denominator }} - ({{ numerator }}))
        > 1E-9 * (1 + abs({{ numerator }}))
    having count(*) > 0
{%- endmacro -%}
