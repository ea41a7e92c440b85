-- Tumours in 71 groups of rats (Tarone 1982; Gelman et al., Bayesian Data Analysis, table 5.1) with
-- the moment estimate of Kleinman (1973); and groups from which nothing can be estimated.
with vectors as (
    {% for sample, intraclass, groups in [
        ('rats', '0.043867434774443645E0', [
            (0, 20), (0, 20), (0, 20), (0, 20), (0, 20), (0, 20), (0, 20), (0, 19), (0, 19),
            (0, 19), (0, 19), (0, 18), (0, 18), (0, 17), (1, 20), (1, 20), (1, 20), (1, 20),
            (1, 19), (1, 19), (1, 18), (1, 18), (2, 25), (2, 24), (2, 23), (2, 20), (2, 20),
            (2, 20), (2, 20), (2, 20), (2, 20), (1, 10), (5, 49), (2, 19), (5, 46), (3, 27),
            (2, 17), (7, 49), (7, 47), (3, 20), (3, 20), (2, 13), (9, 48), (10, 50), (4, 20),
            (4, 20), (4, 20), (4, 20), (4, 20), (4, 20), (4, 20), (10, 48), (4, 19), (4, 19),
            (4, 19), (5, 22), (11, 46), (12, 49), (5, 20), (5, 20), (6, 23), (5, 19), (6, 22),
            (6, 20), (6, 20), (6, 20), (16, 52), (15, 46), (15, 47), (9, 24), (4, 14)
        ]),
        ('a group without trials', '0.176266716494551E0', [
            (4, 14), (0, 20), (2, 25), (0, 0), (9, 24)
        ]),
        ('one success', '0.005847953216374269E0', [(1, 10), (0, 10)]),
        ('no difference', '0E0', [(5, 10), (5, 10)]),
        ('one trial each', '0E0', [(1, 1), (0, 1), (1, 1)]),
        ('nothing but difference', '0.999999999999E0', [(0, 100), (100, 100)]),
        ('one group', 'null', [(4, 14)]),
        ('one group with trials', 'null', [(4, 14), (0, 0)]),
        ('no success', 'null', [(0, 14), (0, 20)]),
        ('no failure', 'null', [(14, 14), (20, 20)]),
    ] %}
    {% set outer = loop %}
    {% for successes, trials in groups %}
    select
        '{{ sample }}' as sample_name,
        {{ successes }} as successes,
        {{ trials }} as trials,
        cast({{ intraclass }} as double) as intraclass
    {{ 'union all' if not (loop.last and outer.last) }}
    {% endfor %}
    {% endfor %}
),

computed as (
    select
        sample_name,
        min(intraclass) as intraclass,
        {{ kleinman_correlation('successes', 'trials') }} as computed_correlation
    from vectors
    group by sample_name
)

select *
from computed
where
    coalesce(
        abs(computed_correlation - intraclass) > 1E-12,
        (computed_correlation is null) <> (intraclass is null)
    )
