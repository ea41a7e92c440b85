{%- macro exact_sum(expression) -%}
    {#- Doubles end in digits that depend on which thread adds first; decimals do not. -#}
    cast(sum(cast({{ expression }} as decimal(38, 12))) as double)
{%- endmacro -%}


{%- macro clamped(expression, low, high) -%}
    {#- least and greatest leave a null out, and would make a bound of it. -#}
    {{ with_value('clamped_value', expression,
        'case when clamped_value < ' ~ low ~ ' then ' ~ low ~ ' when clamped_value > ' ~ high
        ~ ' then ' ~ high ~ ' else clamped_value end') }}
{%- endmacro -%}


{%- macro not_negative(expression) -%}
    {#- The noise of the last digit may take a sum of squares below 0. -#}
    {{ with_value('squares_value', expression,
        'case when squares_value < 0 then 0E0 else squares_value end') }}
{%- endmacro -%}
