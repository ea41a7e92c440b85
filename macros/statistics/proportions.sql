{%- macro newcombe_low(x1, n1, x2, n2) -%}
    {{ newcombe_bound(x1, n1, x2, n2, '-') }}
{%- endmacro -%}


{%- macro newcombe_high(x1, n1, x2, n2) -%}
    {{ newcombe_bound(x1, n1, x2, n2, '+') }}
{%- endmacro -%}


{%- macro newcombe_bound(x1, n1, x2, n2, sign) -%}
    {#- Each proportion reaches from its own Wilson bound; the two distances are squared and added.
        Twelve decimals, as for the bounds of one proportion. -#}
    {%- set first = wilson_low(x1, n1) if sign == '-' else wilson_high(x1, n1) -%}
    {%- set second = wilson_high(x2, n2) if sign == '-' else wilson_low(x2, n2) -%}
    round(
        cast({{ x1 }} as double) / nullif({{ n1 }}, 0)
        - cast({{ x2 }} as double) / nullif({{ n2 }}, 0) {{ sign }} sqrt(
            power(cast({{ x1 }} as double) / nullif({{ n1 }}, 0) - {{ first }}, 2)
            + power(cast({{ x2 }} as double) / nullif({{ n2 }}, 0) - {{ second }}, 2)
        ), 12
    )
{%- endmacro -%}
