{%- macro wilson_low(successes, trials) -%}
    {{ wilson_bound(successes, trials, '-') }}
{%- endmacro -%}


{%- macro wilson_high(successes, trials) -%}
    {{ wilson_bound(successes, trials, '+') }}
{%- endmacro -%}


{%- macro wilson_bound(successes, trials, sign) -%}
    {#- Wilson (1927): with z the normal quantile of 97.5 %,
        (x + z2/2 -+ z sqrt(x (n - x) / n + z2/4)) / (n + z2). Twelve decimals, so that engines
        agree to the last digit; the noise behind them may leave [0, 1], hence least and greatest. -#}
    {%- set z = '1.959963984540054E0' -%}
    {%- set z_squared = '3.8414588206941236E0' -%}
    case
        when {{ trials }} > 0 and {{ successes }} between 0 and {{ trials }} then
            round(least(1E0, greatest(0E0, (
                {{ successes }} + {{ z_squared }} / 2E0 {{ sign }} {{ z }} * sqrt(
                    cast({{ successes }} as double) * ({{ trials }} - {{ successes }}) / {{ trials }}
                    + {{ z_squared }} / 4E0
                )
            ) / ({{ trials }} + {{ z_squared }}))), 12)
    end
{%- endmacro -%}
