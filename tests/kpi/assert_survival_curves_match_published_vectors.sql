-- Leukaemia remissions under 6-MP (Freireich 1963; Gehan 1965) with the bounds that R's survfit gives
-- (log-log), a Nevada chart of warranty returns, two competing causes (Aalen and Johansen 1978), and
-- curves that end, pause or cannot be.
with vectors as (
    {% for curve, points in {
        '6-MP': [
            (6, 3, 21, 0.8571428571428571, 0.0763603548321213, 0.048448252353003, 0.3802820447340162),
            (7, 1, 17, 0.8067226890756303, 0.0869352851800572, 0.0771909807971195, 0.4368534353777666),
            (10, 1, 15, 0.7529411764705882, 0.0963496529943205, 0.1106381648307344, 0.4968004892000436),
            (13, 1, 12, 0.6901960784313725, 0.1068147077750098, 0.1509340366505491, 0.5683897775138161),
            (16, 1, 11, 0.6274509803921569, 0.1140538652567525, 0.1950878105281587, 0.6324891440124980),
            (22, 1, 7, 0.5378151260504203, 0.1282337516930340, 0.2532092823646053, 0.7322210632328650),
            (23, 1, 6, 0.4481792717086835, 0.1345914567557605, 0.3198573715047585, 0.8119479940407676),
        ],
        'Nevada': [
            (1, 9, 390, 0.9769230769230769, 0.0076030322389306, 0.0120743113841994, 0.0438804112928165),
            (2, 7, 235, 0.9478232405891980, 0.0131065522496702, 0.0317989449846037, 0.0850273837413277),
            (3, 5, 94, 0.8974071107706236, 0.0252053573796098, 0.0630213718428975, 0.1647305358750891),
        ],
        'nobody yet, then all': [
            (1, 0, 5, 1.0, 0.0, 'null', 'null'),
            (2, 0, 0, 1.0, 0.0, 'null', 'null'),
            (3, 4, 4, 0.0, 'null', 'null', 'null'),
            (4, 0, 3, 0.0, 'null', 'null', 'null'),
        ],
        'a count is missing': [
            (1, 1, 2, 0.5, 0.3535533905932738, 0.0895899151632626, 0.9940169123608542),
            (2, 'null', 1, 'null', 'null', 'null', 'null'),
            (3, 0, 1, 'null', 'null', 'null', 'null'),
        ],
        'more failed than there were': [(1, 3, 2, 'null', 'null', 'null', 'null')],
        'fewer than none': [(1, -1, 2, 'null', 'null', 'null', 'null')],
    }.items() %}
    {% set outer = loop %}
    {% for age, failures, at_risk, share, standard_error, low, high in points %}
    select
        '{{ curve }}' as curve,
        {{ age }} as age,
        {{ failures }} as failures,
        {{ at_risk }} as at_risk,
        cast({{ share }} as double) as share,
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
        {{ failed_share_low('share', 'standard_error') }} as computed_low,
        {{ failed_share_high('share', 'standard_error') }} as computed_high
    from vectors
)

select *
from computed
where
    coalesce(abs(computed_share - share) > 1E-12, (computed_share is null) <> (share is null))
    or coalesce(
        abs(computed_error - standard_error) > 1E-12,
        (computed_error is null) <> (standard_error is null)
    )
    or coalesce(abs(computed_low - low) > 1E-12, (computed_low is null) <> (low is null))
    or coalesce(abs(computed_high - high) > 1E-12, (computed_high is null) <> (high is null))
