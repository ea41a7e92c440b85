-- Newcombe (1998, Table I) and hand-computed vectors, 95 %, to 1e-9.
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
),

outside as (
    -- no trial, or more successes than trials: null, never a number
    select
        {{ wilson_low('0', '0') }} as of_no_trial,
        {{ wilson_high('3', '2') }} as of_too_many
)

select
    successes,
    trials,
    computed_low,
    computed_high
from computed
where
    coalesce(abs(computed_low - low) > 1E-9, true)
    or coalesce(abs(computed_high - high) > 1E-9, true)

union all

select
    cast(null as integer) as successes,
    cast(null as integer) as trials,
    of_no_trial as computed_low,
    of_too_many as computed_high
from outside
where of_no_trial is not null or of_too_many is not null
