{#- Distribution functions as SQL expressions. Neither engine has them, and not every engine has
    lgamma; sums and fractions that both know are enough. -#}

{%- macro ln_gamma(x) -%}
    {#- Stirling's series is exact to the last digits from 8 on; x is taken there by the recurrence
        gamma(x + 1) = x gamma(x). -#}
    {%- set shifted -%}
        case when gamma_x > 0 then
            (gamma_x + 7.5E0) * ln(gamma_x + 8E0) - (gamma_x + 8E0) + 0.9189385332046727E0
            + (1E0 / 12E0 - (1E0 / 360E0 - (1E0 / 1260E0 - (1E0 / 1680E0 - (1E0 / 1188E0
            - (691E0 / 360360E0 - 1E0 / 156E0
            / power(gamma_x + 8E0, 2)) / power(gamma_x + 8E0, 2)) / power(gamma_x + 8E0, 2))
            / power(gamma_x + 8E0, 2)) / power(gamma_x + 8E0, 2)) / power(gamma_x + 8E0, 2))
            / (gamma_x + 8E0)
            - ln(gamma_x * (gamma_x + 1E0) * (gamma_x + 2E0) * (gamma_x + 3E0))
            - ln((gamma_x + 4E0) * (gamma_x + 5E0) * (gamma_x + 6E0) * (gamma_x + 7E0))
        end
    {%- endset -%}
    {{ with_value('gamma_x', 'cast(' ~ x ~ ' as double)', shifted) }}
{%- endmacro -%}


{%- macro normal_two_sided(z) -%}
    {#- Hart's rational function (West 2005); from 3.5 on, where it loses digits, the trapezoidal rule
        of Hunter and Regan (1972) with steps of 1/2, whose last term is the residue of its poles. -#}
    {%- set far_term -%}
        exp(-normal_k * normal_k / 4E0) / (normal_k * normal_k / 4E0 + normal_z * normal_z / 2E0)
    {%- endset -%}
    {%- set tails -%}
        case
            when normal_z < 3.5E0 then
                2E0 * exp(-normal_z * normal_z / 2E0)
                * ((((((0.0352624965998911E0 * normal_z + 0.700383064443688E0) * normal_z
                + 6.37396220353165E0) * normal_z + 33.912866078383E0) * normal_z
                + 112.079291497871E0) * normal_z + 221.213596169931E0) * normal_z
                + 220.206867912376E0)
                / (((((((0.0883883476483184E0 * normal_z + 1.75566716318264E0) * normal_z
                + 16.064177579207E0) * normal_z + 86.7807322029461E0) * normal_z
                + 296.564248779674E0) * normal_z + 637.333633378831E0) * normal_z
                + 793.826512519948E0) * normal_z + 440.413735824752E0)
            else
                exp(-normal_z * normal_z / 2E0) * 0.11253953951963827E0 * normal_z
                * (2E0 / (normal_z * normal_z) + 2E0 * {{ sum_of_series(1, 13, 'normal_k', far_term) }})
                - case
                    when normal_z < 8E0 then 2E0 / (exp(8.885765876316732E0 * normal_z) - 1E0)
                    else 0E0
                end
        end
    {%- endset -%}
    {{ with_value('normal_z', 'cast(abs(' ~ z ~ ') as double)', tails) }}
{%- endmacro -%}


{%- macro normal_cdf(z) -%}
    case
        when {{ z }} > 0 then 1E0 - {{ normal_two_sided(z) }} / 2E0
        else {{ normal_two_sided(z) }} / 2E0
    end
{%- endmacro -%}


{%- macro chi_square_sf(statistic, df) -%}
    {#- Abramowitz and Stegun (1964) 26.4.4 and 26.4.5 in one: with y = statistic / 2 the terms are
        exp(-y) y^s / gamma(s + 1), s = 0, 1, .. for even df and 1/2, 3/2, .. for odd ones, which
        also have the tails of a normal. Every term is positive, so nothing cancels. -#}
    {%- set term -%}
        exp((chi_k + chi_half) * ln(chi_y) - chi_y - {{ ln_gamma('chi_k + chi_half + 1E0') }})
    {%- endset -%}
    {%- set tail -%}
        least(1E0, {{ sum_of_series(0, 'floor(' ~ df ~ ' / 2E0) - 1', 'chi_k', term) }}
            + case when chi_half > 0 then {{ normal_two_sided('sqrt(2E0 * chi_y)') }} else 0E0 end)
    {%- endset -%}
    case
        when {{ df }} between 1 and 100000 and {{ df }} = floor({{ df }}) and {{ statistic }} >= 0 then
            case {{ statistic }} when 0 then 1E0 else
                {{ with_value(
                    'chi_y', 'cast(' ~ statistic ~ ' as double) / 2E0',
                    with_value('chi_half', '(' ~ df ~ ' - 2 * floor(' ~ df ~ ' / 2E0)) / 2E0', tail)
                ) }}
            end
    end
{%- endmacro -%}


{%- macro beta_density(u) -%}
    {#- Of two forms that are equal, the one in which the larger numbers do not meet, or far out the
        one whose exponential does not overflow. -#}
    exp(case
        when (beta_shape.a < beta_shape.b or {{ u }} < -500E0) and {{ u }} < 500E0 then beta_shape.a * {{ u }}
            - (beta_shape.a + beta_shape.b) * ln((beta_shape.b + beta_shape.a * exp({{ u }})) / (beta_shape.a + beta_shape.b))
        else -beta_shape.b * {{ u }}
            - (beta_shape.a + beta_shape.b) * ln((beta_shape.a + beta_shape.b * exp(-{{ u }})) / (beta_shape.a + beta_shape.b))
    end)
{%- endmacro -%}


{%- macro beta_area(low, high) -%}
    {#- The tanh-sinh rule (Takahasi and Mori 1974) in 309 steps of 1/48; the factor is pi / 192. -#}
    {%- set half_pi = '1.5707963267948966E0' -%}
    {%- set position -%}
        (beta_span.low + beta_span.high + (beta_span.high - beta_span.low)
        * tanh({{ half_pi }} * sinh(area_k / 48E0))) / 2E0
    {%- endset -%}
    {%- set weighted -%}
        cosh(area_k / 48E0) / power(cosh({{ half_pi }} * sinh(area_k / 48E0)), 2)
        * {{ with_value('area_u', position, beta_density('area_u')) }}
    {%- endset -%}
    {%- set total -%}
        (beta_span.high - beta_span.low) * 0.01636246173744684E0
        * {{ sum_of_series(-154, 154, 'area_k', weighted) }}
    {%- endset -%}
    {{ with_values('beta_span', {'low': low, 'high': high}, total) }}
{%- endmacro -%}


{%- macro beta_reach(one, other) -%}
    {#- Chernoff bounds of two gamma variables, whose ratio is t / (1 - t): how far above its mode
        all but e^-32 lies; or where it is a pure exponential. -#}
    least(
        ln(1E0 + sqrt(64E0 / {{ one }}) + 32E0 / {{ one }}) - case
            when {{ other }} > 128 then ln(1E0 - sqrt(64E0 / {{ other }}))
            else -1E0 - 32E0 / {{ other }}
        end,
        ln((beta_shape.a + beta_shape.b) * {{ other }} / {{ one }}) + 23E0
    )
{%- endmacro -%}


{%- macro beta_tail(log_odds, a, b, tail) -%}
    {#- In u = ln(t / (1 - t)) - ln(a / b) the density is log-concave with its mode at 0, where it is
        set to 1. It is added up below and above the point, so that neither gamma functions nor
        their overflow are met. A point outside of the bounds is a far tail, whose length is that of
        an exponential with the slope of the density's logarithm. -#}
    {%- set far -%}
        40E0 / abs(beta_shape.a - (beta_shape.a + beta_shape.b) / (1E0 + beta_shape.b / beta_shape.a * exp(-beta_ends.point)))
    {%- endset -%}
    {%- set below = beta_area(
        'case when beta_ends.point < beta_ends.low then beta_ends.point - ' ~ far ~ ' else beta_ends.low end',
        'least(beta_ends.point, beta_ends.high)'
    ) -%}
    {%- set above = beta_area(
        'greatest(beta_ends.point, beta_ends.low)',
        'case when beta_ends.point > beta_ends.high then beta_ends.point + ' ~ far ~ ' else beta_ends.high end'
    ) -%}
    {%- set low_tail = beta_density('beta_ends.low') ~ ' / beta_shape.a' -%}
    {%- set high_tail = beta_density('beta_ends.high') ~ ' / beta_shape.b' -%}
    {%- set share -%}
        {%- if tail == 'low' -%}
        case
            when beta_ends.point < beta_ends.low then beta_mass.below / ({{ low_tail }} + beta_mass.above + {{ high_tail }})
            when beta_ends.point > beta_ends.high then
                1E0 - beta_mass.above / ({{ low_tail }} + beta_mass.below + {{ high_tail }})
            else (beta_mass.below + {{ low_tail }})
                / ({{ low_tail }} + beta_mass.below + beta_mass.above + {{ high_tail }})
        end
        {%- else -%}
        case
            when beta_ends.point > beta_ends.high then
                beta_mass.above / ({{ low_tail }} + beta_mass.below + {{ high_tail }})
            when beta_ends.point < beta_ends.low then
                1E0 - beta_mass.below / ({{ low_tail }} + beta_mass.above + {{ high_tail }})
            else (beta_mass.above + {{ high_tail }})
                / ({{ low_tail }} + beta_mass.below + beta_mass.above + {{ high_tail }})
        end
        {%- endif -%}
    {%- endset -%}
    {%- set bounded = with_values('beta_ends', {
        'point': 'beta_shape.odds - ln(beta_shape.a / beta_shape.b)',
        'low': '-' ~ beta_reach('beta_shape.b', 'beta_shape.a'),
        'high': beta_reach('beta_shape.a', 'beta_shape.b')
    }, with_values('beta_mass', {'below': below, 'above': above}, share)) -%}
    {%- set checked -%}
        case
            when beta_shape.a between 0.001E0 and 10000000E0 and beta_shape.b between 0.001E0 and 10000000E0
                and abs(beta_shape.odds) <= 600 then {{ bounded }}
        end
    {%- endset -%}
    {{ with_values('beta_shape', {
        'a': 'cast(' ~ a ~ ' as double)', 'b': 'cast(' ~ b ~ ' as double)', 'odds': log_odds
    }, checked) }}
{%- endmacro -%}


{%- macro beta_cdf(x, a, b) -%}
    case
        when {{ a }} > 0 and {{ b }} > 0 and {{ x }} between 0 and 1 then case {{ x }}
            when 0 then 0E0
            when 1 then 1E0
            else {{ beta_tail('ln(' ~ x ~ ' / (1E0 - ' ~ x ~ '))', a, b, 'low') }}
        end
    end
{%- endmacro -%}


{%- macro beta_sf(x, a, b) -%}
    case
        when {{ a }} > 0 and {{ b }} > 0 and {{ x }} between 0 and 1 then case {{ x }}
            when 0 then 1E0
            when 1 then 0E0
            else {{ beta_tail('ln(' ~ x ~ ' / (1E0 - ' ~ x ~ '))', a, b, 'high') }}
        end
    end
{%- endmacro -%}


{%- macro student_t_two_sided(t, df) -%}
    case
        when {{ t }} = 0 and {{ df }} > 0 then 1E0
        when {{ t }} is not null and {{ df }} > 0 then
            {{ beta_tail(
                'greatest(-500E0, least(500E0, ln(' ~ df ~ ') - 2E0 * ln(abs(' ~ t ~ '))))',
                df ~ ' / 2E0', '0.5E0', 'low'
            ) }}
    end
{%- endmacro -%}


{%- macro f_sf(f, df1, df2) -%}
    case
        when not ({{ df1 }} > 0 and {{ df2 }} > 0) then null
        when {{ f }} = 0 then 1E0
        when {{ f }} > 0 then
            {{ beta_tail(
                'greatest(-500E0, least(500E0, ln(' ~ df2 ~ ') - ln(' ~ df1 ~ ') - ln(' ~ f ~ ')))',
                df2 ~ ' / 2E0', df1 ~ ' / 2E0', 'low'
            ) }}
    end
{%- endmacro -%}
