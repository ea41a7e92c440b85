-- The p-chart of the NIST/SEMATECH e-Handbook (6.3.3.2), the funnel of four suppliers around their
-- common rate (Spiegelhalter 2005), Byar's bounds; limits that are cut, and cases without any.
with vectors as (
    {% for kind, x, n, aim, z, expected in [
        ('p_chart_low', 0, 50, 0.2313, 0, 0.05240323),
        ('p_chart_high', 0, 50, 0.2313, 0, 0.41019677),
        ('p_chart_low', 0, 20, 0.05, 0, 0),
        ('p_chart_high', 0, 20, 0.95, 0, 1),
        ('p_chart_high', 0, 0, 0.2313, 0, 'null'),
        ('p_chart_low', 0, 20, 1, 0, 1),
        ('p_chart_low', 0, 20, 0, 0, 0),
        ('p_chart_low', 0, 20, 1.01, 0, 'null'),
        ('p_chart_high', 0, 20, -0.01, 0, 'null'),
        ('p_chart_low', 0, 20, 'null', 0, 'null'),
        ('funnel_z', 1, 10, 0.06164383561643835, 0, 0.50432035),
        ('funnel_z', 50, 1000, 0.06164383561643835, 0, -1.53097248),
        ('funnel_z', 0, 4, 0.06164383561643835, 0, -0.51261459),
        ('funnel_z', 30, 300, 0.06164383561643835, 0, 2.76227629),
        ('funnel_z', 0, 0, 0.06, 0, 'null'),
        ('funnel_z', 1, 4, 0, 0, 'null'),
        ('funnel_low', 4, 100, 0.5, 2, 0.3),
        ('funnel_high', 4, 100, 0.5, 2, 0.7),
        ('funnel_low', 4, 100, 0.05, 3, 0),
        ('funnel_high', 4, 100, 0.95, 3, 1),
        ('funnel_high', 'null', 100, 0.95, 3, 'null'),
        ('funnel_low', 4, 0, 0.95, 3, 'null'),
        ('winsorised', 2.5, 0, -1, 2, 2),
        ('winsorised', -2.5, 0, -1, 2, -1),
        ('winsorised', 1.5, 0, -1, 2, 1.5),
        ('winsorised', 'null', 0, -1, 2, 'null'),
        ('byar_low', 18, 10, 0, 1.96, 1.0662387),
        ('byar_high', 18, 10, 0, 1.96, 2.84494454),
        ('byar_low', 5, 10, 0, 1.96, 0.16113099),
        ('byar_high', 5, 10, 0, 1.96, 1.16683016),
        ('byar_low_95', 18, 10, 0, 0, 1.06624947618),
        ('byar_high_95', 18, 10, 0, 0, 2.8449239912426165),
        ('byar_low', 0, 10, 0, 1.96, 0),
        ('byar_low', 1, 10, 0, 4, 0),
        ('byar_high', 0, 10, 0, 1.96, 0.3668097492455418),
        ('byar_low', 5, 0, 0, 1.96, 'null'),
        ('byar_low', 0, 0, 0, 1.96, 'null'),
        ('byar_high', 5, 0, 0, 1.96, 'null'),
        ('byar_low', 5, 'null', 0, 1.96, 'null'),
        ('byar_low', -1, 10, 0, 1.96, 'null'),
        ('byar_high', -1, 10, 0, 1.96, 'null'),
    ] %}
    select
        '{{ kind }}' as kind,
        cast({{ x }} as double) as x,
        cast({{ n }} as double) as n,
        cast({{ aim }} as double) as aim,
        cast({{ z }} as double) as z,
        cast({{ expected }} as double) as expected
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        case kind
            when 'p_chart_low' then {{ p_chart_low('aim', 'n') }}
            when 'p_chart_high' then {{ p_chart_high('aim', 'n') }}
            when 'funnel_z' then {{ funnel_z('x', 'n', 'aim') }}
            when 'funnel_low' then {{ funnel_low('aim', 'n', 'z', 'x') }}
            when 'funnel_high' then {{ funnel_high('aim', 'n', 'z', 'x') }}
            when 'winsorised' then {{ winsorised('x', 'aim', 'z') }}
            when 'byar_low' then {{ byar_low('x', 'n', 'z') }}
            when 'byar_high' then {{ byar_high('x', 'n', 'z') }}
            when 'byar_low_95' then {{ byar_low('x', 'n') }}
            when 'byar_high_95' then {{ byar_high('x', 'n') }}
        end as computed_value
    from vectors
)

select *
from computed
where
    coalesce(
        abs(computed_value - expected) > 1E-8, (computed_value is null) <> (expected is null)
    )
