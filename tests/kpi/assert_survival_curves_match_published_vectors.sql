-- Leukaemia remissions under 6-MP (Freireich 1963; Gehan 1965) with the bounds of R's survfit
-- (log-log), a Nevada chart of warranty returns, and curves that end, pause or cannot be.
with vectors as (
    {% for curve, points in {
        '6-MP': [
            (6, 3, 21, 0.857142857142, 0.076360354832, 0.048448252353, 0.380282044734),
            (7, 1, 17, 0.806722689075, 0.086935285180, 0.077190980797, 0.436853435377),
            (10, 1, 15, 0.752941176470, 0.096349652994, 0.110638164830, 0.496800489200),
            (13, 1, 12, 0.690196078431, 0.106814707775, 0.150934036650, 0.568389777513),
            (16, 1, 11, 0.627450980392, 0.114053865256, 0.195087810528, 0.632489144012),
            (22, 1, 7, 0.537815126050, 0.128233751693, 0.253209282364, 0.732221063232),
            (23, 1, 6, 0.448179271708, 0.134591456755, 0.319857371504, 0.811947994040),
        ],
        'Nevada': [
            (1, 9, 390, 0.976923076923, 0.007603032238, 0.012074311384, 0.043880411292),
            (2, 7, 235, 0.947823240589, 0.013106552249, 0.031798944984, 0.085027383741),
            (3, 5, 94, 0.897407110770, 0.025205357379, 0.063021371842, 0.164730535875),
        ],
        'nobody yet, then all': [
            (1, 0, 5, 1.0, 0.0, 'null', 'null'),
            (2, 0, 0, 1.0, 0.0, 'null', 'null'),
            (3, 4, 4, 0.0, 'null', 'null', 'null'),
            (4, 0, 3, 0.0, 'null', 'null', 'null'),
        ],
        'the last fails alone': [
            (1, 1, 2, 0.5, 0.353553390593, 0.089589915163, 0.994016912360),
            (2, 1, 1, 0.0, 'null', 'null', 'null'),
            (3, 0, 0, 0.0, 'null', 'null', 'null'),
        ],
        'a count is missing': [
            (1, 1, 2, 0.5, 0.353553390593, 0.089589915163, 0.994016912360),
            (2, 'null', 1, 'null', 'null', 'null', 'null'),
            (3, 0, 1, 'null', 'null', 'null', 'null'),
        ],
        'more failed than there were': [(1, 3, 2, 'null', 'null', 'null', 'null')],
        'fewer than none': [(1, -1, 2, 'null', 'null', 'null', 'null')],
    }.items() %}
    {% set outer = loop %}
    {% for age, failures, at_risk, survived, standard_error, low, high in points %}
    select
        '{{ curve }}' as curve,
        {{ age }} as age,
        {{ failures }} as failures,
        {{ at_risk }} as at_risk,
        cast({{ survived }} as double) as survived,
        cast({{ standard_error }} as double) as standard_error,
        cast({{ low }} as double) as low,
        cast({{ high }} as double) as high
    {{ 'union all' if not (loop.last and outer.last) }}
    {% endfor %}
    {% endfor %}
),

computed as (
    select
        *,
        {{ survival('failures', 'at_risk', 'partition by curve order by age') }} as computed_share,
        {{ survival_standard_error('failures', 'at_risk', 'partition by curve order by age') }}
            as computed_error,
        {{ failed_share_low('survived', 'standard_error') }} as computed_low,
        {{ failed_share_high('survived', 'standard_error') }} as computed_high
    from vectors
)

select *
from computed
where
    coalesce(abs(computed_share - survived) > 1E-11, (computed_share is null) <> (survived is null))
    or coalesce(
        abs(computed_error - standard_error) > 1E-11,
        (computed_error is null) <> (standard_error is null)
    )
    or coalesce(abs(computed_low - low) > 1E-11, (computed_low is null) <> (low is null))
    or coalesce(abs(computed_high - high) > 1E-11, (computed_high is null) <> (high is null))
