{%- macro exact_sum(expression) -%}
    {#- Doubles end in digits that depend on which thread adds first; decimals do not. -#}
    cast(sum(cast({{ expression }} as decimal(38, 12))) as double)
{%- endmacro -%}


{%- macro at_least(expression, low) -%}
    {#- greatest leaves a null out, and would make the bound of it. -#}
    {{ with_value('raised_value', expression,
        'case when raised_value < ' ~ low ~ ' then ' ~ low ~ ' else raised_value end') }}
{%- endmacro -%}


{%- macro at_most(expression, high) -%}
    {{ with_value('lowered_value', expression,
        'case when lowered_value > ' ~ high ~ ' then ' ~ high ~ ' else lowered_value end') }}
{%- endmacro -%}
