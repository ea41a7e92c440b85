-- Newcombe (1998, Table I) and hand-computed vectors, 95 %, to the twelve decimals of a bound.
-- Without a trial, or with successes that cannot be: null, never a number.
with vectors as (
    {% for successes, trials, low, high in [
        (81, 263, 0.2552885198782742, 0.36620957698280004),
        (15, 148, 0.06238639953073628, 0.16048724172330803),
        (0, 20, 0.0, 0.16112515805281935),
        (1, 29, 0.006113214292762661, 0.17175521879320288),
        (5, 100, 0.02154367915436797, 0.11175046923191913),
        (50, 1000, 0.03813026239274881, 0.06531382024425081),
        (1, 10, 0.017876213095072934, 0.4041500267952385),
        (10, 10, 0.7224672001371107, 1.0),
        (1, 5, 0.036224108632430196, 0.6244653702374747),
        (3, 5, 0.23072428127601288, 0.8823792257673522),
        (1, 1, 0.20654931437723745, 1.0),
        (0, 0, 'null', 'null'),
        (3, 2, 'null', 'null'),
        (-1, 2, 'null', 'null'),
    ] %}
    select
        {{ successes }} as successes,
        {{ trials }} as trials,
        cast({{ low }} as double) as low,
        cast({{ high }} as double) as high
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        {{ wilson_low('successes', 'trials') }} as computed_low,
        {{ wilson_high('successes', 'trials') }} as computed_high
    from vectors
)

select *
from computed
where
    coalesce(abs(computed_low - low) > 6E-13, (computed_low is null) <> (low is null))
    or coalesce(abs(computed_high - high) > 6E-13, (computed_high is null) <> (high is null))
    or computed_low <> round(computed_low, 12)
    or computed_high <> round(computed_high, 12)
