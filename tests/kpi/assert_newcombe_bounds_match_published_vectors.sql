-- Newcombe (1998, Stat Med 17:873-890, Table II, method 10), 95 %; null where a group has no trial.
with vectors as (
    {% for x1, n1, x2, n2, low, high in [
        (56, 70, 48, 80, 0.05243147240236, 0.33387265403691),
        (9, 10, 3, 10, 0.170522723935, 0.809017973536),
        (6, 7, 2, 7, 0.058227927483, 0.806249637524),
        (5, 56, 0, 29, -0.038137147904, 0.192560013855),
        (0, 10, 0, 20, -0.161125158053, 0.277532799863),
        (10, 10, 0, 10, 0.607509350430, 1.0),
        (1, 0, 1, 2, 'null', 'null'),
        (1, 2, 0, 0, 'null', 'null'),
        (3, 2, 1, 2, 'null', 'null'),
        ('null', 2, 1, 2, 'null', 'null'),
    ] %}
    select
        {{ x1 }} as x1,
        {{ n1 }} as n1,
        {{ x2 }} as x2,
        {{ n2 }} as n2,
        cast({{ low }} as double) as low,
        cast({{ high }} as double) as high
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        {{ newcombe_low('x1', 'n1', 'x2', 'n2') }} as computed_low,
        {{ newcombe_high('x1', 'n1', 'x2', 'n2') }} as computed_high
    from vectors
)

select *
from computed
where
    coalesce(abs(computed_low - low) > 2E-12, (computed_low is null) <> (low is null))
    or coalesce(abs(computed_high - high) > 2E-12, (computed_high is null) <> (high is null))
    or computed_low <> round(computed_low, 12)
    or computed_high <> round(computed_high, 12)
