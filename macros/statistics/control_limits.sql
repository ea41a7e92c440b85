{#- What a rate may be by chance: p-chart, funnel plot, observed over expected. -#}

{%- macro p_chart_low(center, trials) -%}
    {{ at_least(center ~ ' - 3E0 * ' ~ proportion_error(center, trials), '0E0') }}
{%- endmacro -%}


{%- macro p_chart_high(center, trials) -%}
    {{ at_most(center ~ ' + 3E0 * ' ~ proportion_error(center, trials), '1E0') }}
{%- endmacro -%}


{%- macro proportion_error(rate, trials) -%}
    sqrt(
        case when {{ rate }} between 0 and 1 then cast({{ rate }} as double) * (1E0 - {{ rate }}) end
        / case when {{ trials }} > 0 then {{ trials }} end
    )
{%- endmacro -%}


{%- macro funnel_z(successes, trials, target) -%}
    (cast({{ successes }} as double) / nullif({{ trials }}, 0) - {{ target }})
    / nullif({{ proportion_error(target, trials) }}, 0)
{%- endmacro -%}


{%- macro winsorised(z, low, high) -%}
    {{ at_least(at_most(z, high), low) }}
{%- endmacro -%}


{%- macro overdispersion(z) -%}
    {{ exact_sum('cast(' ~ z ~ ' as double) * ' ~ z) }} / nullif(count({{ z }}), 0)
{%- endmacro -%}


{%- macro overdispersion_factor(z) -%}
    {#- Spiegelhalter (2005): chance alone gives (k - 1) / k. -#}
    case
        when {{ overdispersion(z) }} * count({{ z }}) > count({{ z }}) - 1 then {{ overdispersion(z) }}
        when count({{ z }}) > 0 then 1E0
    end
{%- endmacro -%}


{%- macro funnel_low(target, trials, z, overdispersion) -%}
    {{ at_least(
        target ~ ' - ' ~ z ~ ' * sqrt(' ~ overdispersion ~ ') * ' ~ proportion_error(target, trials), '0E0'
    ) }}
{%- endmacro -%}


{%- macro funnel_high(target, trials, z, overdispersion) -%}
    {{ at_most(
        target ~ ' + ' ~ z ~ ' * sqrt(' ~ overdispersion ~ ') * ' ~ proportion_error(target, trials), '1E0'
    ) }}
{%- endmacro -%}


{%- macro byar_low(observed, expected, z='1.959963984540054E0') -%}
    case
        when {{ observed }} = 0 and {{ expected }} > 0 then 0E0
        when {{ observed }} > 0 and {{ expected }} > 0 then
            greatest(0E0, {{ observed }} * power(
                1E0 - 1E0 / (9E0 * {{ observed }}) - {{ z }} / (3E0 * sqrt({{ observed }})), 3
            )) / {{ expected }}
    end
{%- endmacro -%}


{%- macro byar_high(observed, expected, z='1.959963984540054E0') -%}
    case
        when {{ observed }} >= 0 and {{ expected }} > 0 then
            ({{ observed }} + 1E0) * power(
                1E0 - 1E0 / (9E0 * ({{ observed }} + 1E0))
                + {{ z }} / (3E0 * sqrt({{ observed }} + 1E0)), 3
            ) / {{ expected }}
    end
{%- endmacro -%}
