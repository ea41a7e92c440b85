{#- Chain ladder: how a young cohort will go on, from how older ones did (Mack 1993). -#}

{%- macro development_factor(later, earlier) -%}
    {#- A cohort that has not come to the later age says nothing of the way there. -#}
    cast(sum(case when {{ earlier }} is not null then {{ later }} end) as double)
    / nullif(sum(case when {{ later }} is not null then {{ earlier }} end), 0)
{%- endmacro -%}


{%- macro running_product(factor, window) -%}
    {#- 0 from the first factor of 0 on, for no logarithm says so; null from one that is missing or
        negative. -#}
    case max(case when {{ factor }} > 0 then 0 when {{ factor }} = 0 then 1 else 2 end)
            over ({{ window }})
        when 0 then exp(sum(ln(case when {{ factor }} > 0 then {{ factor }} end)) over ({{ window }}))
        when 1 then 0E0
    end
{%- endmacro -%}


{%- macro mack_sigma_squared(later, earlier, factor) -%}
    {#- Mack (1993): how much the cohorts' own factors differ from the common one. -#}
    {%- set squares -%}
        {{ exact_sum(
            earlier ~ ' * power(cast(' ~ later ~ ' as double) / nullif(' ~ earlier ~ ', 0) - ' ~ factor
            ~ ', 2)'
        ) }}
    {%- endset -%}
    {{ squares }} / nullif(greatest(
        count(case when {{ earlier }} <> 0 then {{ later }} end) - 1, 0
    ), 0)
{%- endmacro -%}
