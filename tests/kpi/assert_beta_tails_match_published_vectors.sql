-- Closed forms (powers, binomial sums, the arcsine law, t with 1 and 2 degrees), tables of t and F,
-- the decision vector of Beta(2, 38) and R's PlantGrowth, to 1e-9. Null outside the domain.
with vectors as (
    {% for kind, x, a, b, expected in [
        ('beta_cdf', '0.5E0', '3', '5', '0.7734375E0'),
        ('beta_sf', '0.5E0', '3', '5', '0.2265625E0'),
        ('beta_cdf', '0.05E0', '200', '3800', '0.5086832227640804E0'),
        ('beta_sf', '0.05E0', '3', '47', '0.5537256130133503E0'),
        ('beta_sf', '0.05E0', '52', '988', '0.48296791430763E0'),
        ('beta_sf', '0.05E0', '2', '42', '0.35954488603002E0'),
        ('beta_sf', '0.05E0', '32', '308', '0.99949960813997E0'),
        ('beta_cdf', '0.25E0', '0.5E0', '0.5E0', '0.33333333333333333E0'),
        ('beta_cdf', '1E-30', '0.01E0', '1', '0.5011872336272722E0'),
        ('beta_cdf', '1E-30', '0.001E0', '1', '0.933254300796991E0'),
        ('beta_sf', '0.999999999999E0', '1', '0.001E0', '0.9727472022578855E0'),
        ('beta_cdf', '1E-6', '1', '1000000', '0.632120742768355E0'),
        ('beta_sf', '0.501E0', '1000000', '1000000', '0.0023388494069315046E0'),
        ('beta_cdf', '0.2E0', '0.01E0', '0.02E0', '0.6576541851811809E0'),
        ('beta_sf', '0.5E0', '10000000', '10000000', '0.5E0'),
        ('beta_cdf', '1E-200', '1', '1', '1E-200'),
        ('beta_cdf', '0', '1', '2', '0'),
        ('beta_cdf', '1', '1', '2', '1'),
        ('beta_sf', '0', '1', '2', '1'),
        ('beta_sf', '1', '1', '2', '0'),
        ('beta_cdf', '1.5E0', '1', '2', 'null'),
        ('beta_cdf', '-0.5E0', '1', '2', 'null'),
        ('beta_sf', '0.5E0', '0', '2', 'null'),
        ('beta_sf', '0.5E0', '1', '0', 'null'),
        ('beta_cdf', '1E-300', '1', '1', 'null'),
        ('beta_cdf', '0.5E0', '0.0005E0', '1', 'null'),
        ('beta_cdf', '0.5E0', '1', '20000000', 'null'),
        ('beta_cdf', 'null', '1', '1', 'null'),
        ('beta_cdf', '0', 'null', '1', 'null'),
        ('beta_cdf', '0', '0', '2', 'null'),
        ('beta_cdf', '0', '1', '0', 'null'),
        ('beta_cdf', '1', '0', '2', 'null'),
        ('beta_cdf', '1', '1', '0', 'null'),
        ('beta_sf', '0', '0', '2', 'null'),
        ('beta_sf', '0', '1', '0', 'null'),
        ('beta_sf', '1', '0', '2', 'null'),
        ('beta_sf', '1', '1', '0', 'null'),
        ('beta_sf', '1.5E0', '1', '2', 'null'),
        ('beta_sf', '-0.5E0', '1', '2', 'null'),
        ('beta_sf', '0.5E0', '1', 'null', 'null'),
        ('student_t_two_sided', '1', '1', 'null', '0.5E0'),
        ('student_t_two_sided', '2', '2', 'null', '0.18350341907227397E0'),
        ('student_t_two_sided', '-2.2281388519649385E0', '10', 'null', '0.05E0'),
        ('student_t_two_sided', '1.96E0', '2000000', 'null', '0.049995928940828764E0'),
        ('student_t_two_sided', '0', '3', 'null', '1'),
        ('student_t_two_sided', '1E-300', '3', 'null', '1'),
        ('student_t_two_sided', '1E+300', '3', 'null', '0'),
        ('student_t_two_sided', '1', '0', 'null', 'null'),
        ('student_t_two_sided', '0', '0', 'null', 'null'),
        ('student_t_two_sided', 'null', '3', 'null', 'null'),
        ('student_t_two_sided', '2', 'null', 'null', 'null'),
        ('f_sf', '4.8460878624E0', '2', '27', '0.01590995832539036E0'),
        ('f_sf', '3', '2', '2000000', '0.0497872924109601E0'),
        ('f_sf', '1.2E0', '40', '5000', '0.18150276227795303E0'),
        ('f_sf', '1', '1', '1', '0.5E0'),
        ('f_sf', '0', '1', '1', '1'),
        ('f_sf', '1E-300', '1', '1', '1'),
        ('f_sf', '1E+300', '3', '3', '0'),
        ('f_sf', '-1', '1', '1', 'null'),
        ('f_sf', '1', '0', '1', 'null'),
        ('f_sf', '1', '1', '0', 'null'),
        ('f_sf', '0', '0', '1', 'null'),
        ('f_sf', '0', '1', '0', 'null'),
        ('f_sf', 'null', '1', '1', 'null'),
    ] %}
    select
        '{{ kind }}' as kind,
        cast({{ x }} as double) as x,
        cast({{ a }} as double) as a,
        cast({{ b }} as double) as b,
        cast({{ expected }} as double) as expected
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        case kind
            when 'beta_cdf' then {{ beta_cdf('x', 'a', 'b') }}
            when 'beta_sf' then {{ beta_sf('x', 'a', 'b') }}
            when 'student_t_two_sided' then {{ student_t_two_sided('x', 'a') }}
            when 'f_sf' then {{ f_sf('x', 'a', 'b') }}
        end as computed_value
    from vectors
)

select *
from computed
where
    coalesce(abs(computed_value - expected) > 1E-9, (computed_value is null) <> (expected is null))
