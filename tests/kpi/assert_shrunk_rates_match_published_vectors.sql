-- The decision vector of prior Beta(2, 38): 4 suppliers at a market of 5 %, M = 40, so g = 1/41.
-- Then no heterogeneity (g = 0), no trials, nulls, and
-- targets at both ends of the scale and beyond them.
with vectors as (
    {% for successes, trials, market_rate, intraclass, target, rate, probability in [
        (1, 10, '0.05E0', '1E0 / 41E0', '0.05E0', 0.06, 0.5537256130133503),
        (50, 1000, '0.05E0', '1E0 / 41E0', '0.05E0', 0.05, 0.48296791430763),
        (0, 4, '0.05E0', '1E0 / 41E0', '0.05E0', 0.045454545454545456, 0.35954488603002),
        (30, 300, '0.05E0', '1E0 / 41E0', '0.05E0', 0.09411764705882353, 0.99949960813997),
        (0, 0, '0.05E0', '1E0 / 41E0', '0.05E0', 0.05, 0.41294764990449),
        (3, 4, '0.06E0', '0', '0.05E0', 0.06, 1),
        (3, 4, '0.05E0', '0', '0.05E0', 0.05, 0),
        (3, 4, '0.06E0', '9E-7', '0.05E0', 0.0600024839933, 1),
        (1, 10, '0.051E0', '1E-6', '0.05E0', 0.05100048999559, 0.99999761704915),
        (3, 4, '0.05E0', 'null', '0.05E0', 'null', 'null'),
        (3, 4, '0.05E0', '1', '0.05E0', 'null', 'null'),
        (3, 4, '0.05E0', '-0.1', '0.05E0', 'null', 'null'),
        (3, 4, 'null', '0.1', '0.05E0', 'null', 'null'),
        ('null', 4, '0.05E0', '0', '0.05E0', 'null', 'null'),
        (3, 'null', '0.05E0', '0', '0.05E0', 'null', 'null'),
        (3, 4, 'null', '0', '0.05E0', 'null', 'null'),
        (1, 10, '0.05E0', '1E0 / 41E0', '0', 0.06, 1),
        (1, 10, '0.05E0', '1E0 / 41E0', '1', 0.06, 0),
        (1, 10, '0.05E0', '1E0 / 41E0', '1.01E0', 0.06, 'null'),
        (1, 10, '0.05E0', '1E0 / 41E0', '-0.01E0', 0.06, 'null'),
        (3, 4, '0.05E0', '0', 'null', 0.05, 'null'),
    ] %}
    select
        {{ successes }} as successes,
        {{ trials }} as trials,
        cast({{ market_rate }} as double) as market_rate,
        cast({{ intraclass }} as double) as intraclass,
        cast({{ target }} as double) as target_rate,
        cast({{ rate }} as double) as rate,
        cast({{ probability }} as double) as probability
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        {{ shrunk_rate('successes', 'trials', 'market_rate', 'intraclass') }} as computed_rate,
        {{ shrunk_alpha('successes', 'market_rate', 'intraclass') }}
        / (
            {{ shrunk_alpha('successes', 'market_rate', 'intraclass') }}
            + {{ shrunk_beta('successes', 'trials', 'market_rate', 'intraclass') }}
        ) as mean_of_posterior,
        {{ probability_above('target_rate', 'successes', 'trials', 'market_rate', 'intraclass') }}
            as computed_probability
    from vectors
)

select *
from computed
where
    coalesce(abs(computed_rate - rate) > 1E-10, (computed_rate is null) <> (rate is null))
    or abs(mean_of_posterior - rate) > 1E-9
    or (mean_of_posterior is null) <> (
        intraclass = 0 or intraclass + successes + trials + market_rate is null
    )
    or coalesce(
        abs(computed_probability - probability) > 1E-9,
        (computed_probability is null) <> (probability is null)
    )
