-- Of nothing there is no rate, and of what is unknown none; a value beyond a limit is the limit,
-- and one that is missing stays missing.
with vectors as (
    {% for x, n, low, high, rate, raised, lowered in [
        (1, 4, 0, 2, '0.25E0', 1, 1),
        (0, 4, 0, 2, '0E0', 0, 0),
        (3, 4, 0, 2, '0.75E0', 3, 2),
        (2, 4, 0, 2, '0.5E0', 2, 2),
        (-1, 4, 0, 2, '-0.25E0', 0, -1),
        (1, 1, 0, 2, '1E0', 1, 1),
        (0, 0, 0, 2, 'null', 0, 0),
        (1, 0, 0, 2, 'null', 1, 1),
        (1, -1, 0, 2, '-1E0', 1, 1),
        ('null', 4, 0, 2, 'null', 'null', 'null'),
        (1, 'null', 0, 2, 'null', 1, 1),
    ] %}
    select
        {{ loop.index }} as sample_number,
        cast({{ x }} as double) as x,
        cast({{ n }} as bigint) as n,
        cast({{ low }} as double) as low,
        cast({{ high }} as double) as high,
        cast({{ rate }} as double) as expected_rate,
        cast({{ raised }} as double) as expected_raised,
        cast({{ lowered }} as double) as expected_lowered
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        {{ rate('x', 'n') }} as computed_rate,
        {{ at_least('x', 'low') }} as computed_raised,
        {{ at_most('x', 'high') }} as computed_lowered
    from vectors
)

select *
from computed
where
    computed_rate is distinct from expected_rate
    or computed_raised is distinct from expected_raised
    or computed_lowered is distinct from expected_lowered
