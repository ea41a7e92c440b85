{%- macro break_even_rate(own_margin, other_margin, failure_cost, other_rate) -%}
    {#- Own margin less own rate times cost beats the other's while the own rate is below
        other rate + (own margin - other margin) / cost. -#}
    {{ other_rate }}
    + cast({{ own_margin }} - {{ other_margin }} as double) / nullif({{ failure_cost }}, 0)
{%- endmacro -%}
