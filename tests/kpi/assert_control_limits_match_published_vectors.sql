-- The p-chart of the NIST/SEMATECH e-Handbook (6.3.3.2), the funnel of four suppliers around their
-- common rate (Spiegelhalter 2005), Byar's bounds; limits that are cut, and cases without any.
with vectors as (
    {% for kind, x, n, aim, z, low, high in [
        ('p_chart', 0, 50, 0.2313, 0, 0.05240323, 0.41019677),
        ('p_chart', 0, 20, 0.05, 0, 0, 0.19620192),
        ('p_chart', 0, 20, 0.95, 0, 0.80379808, 1),
        ('p_chart', 0, 0.5, 0.5, 0, 0, 1),
        ('p_chart', 0, 0, 0.2313, 0, 'null', 'null'),
        ('p_chart', 0, -1, 0.2313, 0, 'null', 'null'),
        ('p_chart', 0, 20, 1, 0, 1, 1),
        ('p_chart', 0, 20, 0, 0, 0, 0),
        ('p_chart', 0, 20, 1.01, 0, 'null', 'null'),
        ('p_chart', 0, 20, -0.01, 0, 'null', 'null'),
        ('p_chart', 0, 20, 'null', 0, 'null', 'null'),
        ('funnel', 4, 100, 0.5, 2, 0.3, 0.7),
        ('funnel', 4, 100, 0.05, 3, 0, 0.18076697),
        ('funnel', 4, 100, 0.95, 3, 0.81923303, 1),
        ('funnel', 1, 0.5, 0.5, 2, 0, 1),
        ('funnel', 1, 100, 1, 3, 1, 1),
        ('funnel', 1, 100, 0, 3, 0, 0),
        ('funnel', 1, 100, 1.01, 3, 'null', 'null'),
        ('funnel', 1, 100, -0.01, 3, 'null', 'null'),
        ('funnel', 1, 0, 0.95, 3, 'null', 'null'),
        ('funnel', 1, -1, 0.95, 3, 'null', 'null'),
        ('funnel', 'null', 100, 0.95, 3, 'null', 'null'),
        ('byar', 18, 10, 0, 1.96, 1.0662387, 2.84494454),
        ('byar', 5, 10, 0, 1.96, 0.16113099, 1.16683016),
        ('byar', 18, 0.5, 0, 1.96, 21.32477398, 56.89889076),
        ('byar', 0, 0.5, 0, 1.96, 0, 7.33619499),
        ('byar', 0.5, 10, 0, 0, 0.02352538, 0.11907484),
        ('byar', 1, 10, 0, 4, 0, 1.34437586),
        ('byar', 5, 0, 0, 1.96, 'null', 'null'),
        ('byar', 0, 0, 0, 1.96, 'null', 'null'),
        ('byar', 5, -1, 0, 1.96, 'null', 'null'),
        ('byar', 0, -1, 0, 1.96, 'null', 'null'),
        ('byar', 5, 'null', 0, 1.96, 'null', 'null'),
        ('byar', -0.5, 10, 0, 0, 'null', 'null'),
        ('z', 1, 10, 0.06164383561643835, 0, 0.50432035, 'null'),
        ('z', 50, 1000, 0.06164383561643835, 0, -1.53097248, 'null'),
        ('z', 0, 4, 0.06164383561643835, 0, -0.51261459, 'null'),
        ('z', 30, 300, 0.06164383561643835, 0, 2.76227629, 'null'),
        ('z', 0.25, 0.5, 0.75, 0, -0.40824829, 'null'),
        ('z', 0, 0, 0.06, 0, 'null', 'null'),
        ('z', 1, 4, 0, 0, 'null', 'null'),
        ('z', 1, 4, 1.01, 0, 'null', 'null'),
        ('z', 1, 4, -0.01, 0, 'null', 'null'),
        ('winsorised', 2.5, 0, -1, 2, 2, 'null'),
        ('winsorised', -2.5, 0, -1, 2, -1, 'null'),
        ('winsorised', 1.5, 0, -1, 2, 1.5, 'null'),
        ('winsorised', 'null', 0, -1, 2, 'null', 'null'),
    ] %}
    select
        '{{ kind }}' as kind,
        cast({{ x }} as double) as x,
        cast({{ n }} as double) as n,
        cast({{ aim }} as double) as aim,
        cast({{ z }} as double) as z,
        cast({{ low }} as double) as low,
        cast({{ high }} as double) as high
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        case kind
            when 'p_chart' then {{ p_chart_low('aim', 'n') }}
            when 'funnel' then {{ funnel_low('aim', 'n', 'z', 'x') }}
            when 'byar' then {{ byar_low('x', 'n', 'z') }}
            when 'z' then {{ funnel_z('x', 'n', 'aim') }}
            when 'winsorised' then {{ winsorised('x', 'aim', 'z') }}
        end as computed_low,
        case kind
            when 'p_chart' then {{ p_chart_high('aim', 'n') }}
            when 'funnel' then {{ funnel_high('aim', 'n', 'z', 'x') }}
            when 'byar' then {{ byar_high('x', 'n', 'z') }}
        end as computed_high
    from vectors
),

by_default as (
    -- 95 % unless told
    select
        *,
        {{ byar_low('x', 'n') }} as low_by_default,
        {{ byar_high('x', 'n') }} as high_by_default
    from computed
    where kind = 'byar' and x = 18 and n = 10
)

select
    kind,
    x,
    n,
    aim,
    z,
    low,
    high,
    computed_low,
    computed_high
from computed
where
    coalesce(abs(computed_low - low) > 1E-8, (computed_low is null) <> (low is null))
    or coalesce(abs(computed_high - high) > 1E-8, (computed_high is null) <> (high is null))

union all

select
    kind,
    x,
    n,
    aim,
    z,
    low,
    high,
    low_by_default,
    high_by_default
from by_default
where
    coalesce(abs(low_by_default - 1.06624947618) > 1E-8, true)
    or coalesce(abs(high_by_default - 2.8449239912426165) > 1E-8, true)
