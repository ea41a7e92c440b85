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


{%- macro clustered_ratio_low(numerator, denominator) -%}
    {{ clustered_ratio_bound(numerator, denominator, '-') }}
{%- endmacro -%}


{%- macro clustered_ratio_high(numerator, denominator) -%}
    {{ clustered_ratio_bound(numerator, denominator, '+') }}
{%- endmacro -%}


{%- macro clustered_ratio_bound(numerator, denominator, sign) -%}
    {#- With R and S the sums over clusters and q = R / S, the variance of ln q is
        k / (k - 1) sum (r - q s)^2 / R^2; the square is multiplied out, so that one pass does. The
        quantile is Student's with k - 1 degrees of freedom, by its expansion around the normal one
        (Abramowitz and Stegun 26.7.5). -#}
    {%- set q = '(' ~ exact_sum(numerator) ~ ' / ' ~ exact_sum(denominator) ~ ')' -%}
    {%- set k = 'cast(count(case when ' ~ numerator ~ ' > 0 or ' ~ denominator ~ ' > 0 then 1 end) as double)' -%}
    case
        when {{ k }} >= 10 and {{ exact_sum(numerator) }} > 0 and {{ exact_sum(denominator) }} > 0 then
            {{ q }} * exp({{ sign }} (
                1.959963984540054E0 + 2.372271230299E0 / ({{ k }} - 1)
                + 2.822498615740E0 / (({{ k }} - 1) * ({{ k }} - 1))
            ) * sqrt(greatest(0E0,
                {{ exact_sum(numerator ~ ' * ' ~ numerator) }}
                - 2E0 * {{ q }} * {{ exact_sum(numerator ~ ' * ' ~ denominator) }}
                + {{ q }} * {{ q }} * {{ exact_sum(denominator ~ ' * ' ~ denominator) }}
            ) * {{ k }} / ({{ k }} - 1)) / {{ exact_sum(numerator) }})
    end
{%- endmacro -%}
