-- Tables of Abramowitz and Stegun (1964), closed forms and R's examples. x at 0 and 1, counts that
-- are no degrees of freedom, and nulls: the edge, or null, never a number.
with vectors as (
    {% for kind, x, df, expected, tolerance in [
        ('ln_gamma', '1E0', 'null', '0E0', '1E-13'),
        ('ln_gamma', '0.5E0', 'null', '0.5723649429247001E0', '1E-13'),
        ('ln_gamma', '10', 'null', '12.801827480081469E0', '1E-13'),
        ('ln_gamma', '0.001E0', 'null', '6.907178885383853E0', '1E-13'),
        ('ln_gamma', '1000000', 'null', '12815504.569147611E0', '1E-13'),
        ('ln_gamma', '0', 'null', 'null', '0E0'),
        ('ln_gamma', 'null', 'null', 'null', '0E0'),
        ('normal_two_sided', '0', 'null', '1E0', '1E-14'),
        ('normal_two_sided', '0.5E0', 'null', '0.6170750774519738E0', '1E-14'),
        ('normal_two_sided', '-1.959963984540054E0', 'null', '0.05E0', '1E-13'),
        ('normal_two_sided', '3.4999E0', 'null', '0.0004654327251572262E0', '1E-12'),
        ('normal_two_sided', '3.5E0', 'null', '0.00046525815807105003E0', '1E-13'),
        ('normal_two_sided', '5', 'null', '5.733031437583866E-7', '1E-13'),
        ('normal_two_sided', '30', 'null', '9.813427854295816E-198', '1E-12'),
        ('normal_two_sided', 'null', 'null', 'null', '0E0'),
        ('normal_cdf', '-1.6448536269514722E0', 'null', '0.05E0', '1E-13'),
        ('normal_cdf', '-0.5E0', 'null', '0.3085375387259869E0', '1E-14'),
        ('normal_cdf', '0', 'null', '0.5E0', '1E-14'),
        ('normal_cdf', '1', 'null', '0.8413447460685429E0', '1E-14'),
        ('normal_cdf', 'null', 'null', 'null', '0E0'),
        ('chi_square_sf', '3.841458820694124E0', '1', '0.05E0', '1E-12'),
        ('chi_square_sf', '30.0701490958E0', '2', '2.953589183144814E-7', '1E-12'),
        ('chi_square_sf', '11.070497693516351E0', '5', '0.05E0', '1E-12'),
        ('chi_square_sf', '18.307038053275146E0', '10', '0.05E0', '1E-12'),
        ('chi_square_sf', '1', '1', '0.31731050786291115E0', '1E-12'),
        ('chi_square_sf', '5100', '5000', '0.158639348619404E0', '1E-10'),
        ('chi_square_sf', '0', '1', '1E0', '0E0'),
        ('chi_square_sf', '0', '2', '1E0', '0E0'),
        ('chi_square_sf', '0.001E0', '7', '1E0', '1E-12'),
        ('chi_square_sf', '100000', '100000', '0.4994052918952067E0', '1E-9'),
        ('chi_square_sf', '1', '100001', 'null', '0E0'),
        ('chi_square_sf', '-1', '2', 'null', '0E0'),
        ('chi_square_sf', '1', '0', 'null', '0E0'),
        ('chi_square_sf', '1', '2.5E0', 'null', '0E0'),
        ('chi_square_sf', 'null', '2', 'null', '0E0'),
        ('chi_square_sf', '2', 'null', 'null', '0E0'),
    ] %}
    select
        '{{ kind }}' as kind,
        cast({{ x }} as double) as x,
        cast({{ df }} as double) as df,
        cast({{ expected }} as double) as expected,
        {{ tolerance }} as tolerance
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        case kind
            when 'ln_gamma' then {{ ln_gamma('x') }}
            when 'normal_two_sided' then {{ normal_two_sided('x') }}
            when 'normal_cdf' then {{ normal_cdf('x') }}
            when 'chi_square_sf' then {{ chi_square_sf('x', 'df') }}
        end as computed_value
    from vectors
)

select *
from computed
where
    coalesce(
        -- relative, but for a gamma function near its zeros
        abs(computed_value - expected) > tolerance * case
            when kind = 'ln_gamma' then greatest(1E0, abs(expected)) else expected
        end,
        (computed_value is null) <> (expected is null)
    )
