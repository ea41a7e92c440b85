-- Newcombe (1998, Stat Med 17:873-890, Table II, method 10), 95 %; null where a group has no trial.
with vectors as (
    {% for x1, n1, x2, n2, low, high in [
        (56, 70, 48, 80, 0.05243147240236, 0.33387265403691),
        (9, 10, 3, 10, 0.17051, 0.80896),
        (6, 7, 2, 7, 0.05818, 0.80620),
        (5, 56, 0, 29, -0.03815, 0.19256),
        (0, 10, 0, 20, -0.16113, 0.27753),
        (10, 10, 0, 10, 0.60749, 1.00000),
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
    coalesce(abs(computed_low - low) > 6E-6, (computed_low is null) <> (low is null))
    or coalesce(abs(computed_high - high) > 6E-6, (computed_high is null) <> (high is null))
    -- the first vector is known to twelve decimals
    or n1 = 70 and abs(computed_low - low) + abs(computed_high - high) > 2E-12
    or computed_low <> round(computed_low, 12)
    or computed_high <> round(computed_high, 12)
