-- The triangle of Taylor and Ashe (1983) with the factors and variances of Mack (1993, ASTIN
-- Bulletin 23:213-225), to their printed digits; and triangles too small to tell.
with vectors as (
    {% for cohort in [
        [
            357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463
        ],
        [352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085],
        [290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315],
        [310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268],
        [443160, 1136350, 2128333, 2897821, 3402672, 3873311],
        [396132, 1333217, 2180715, 2985752, 3691712],
        [440832, 1288463, 2419861, 3483130],
        [359480, 1421128, 2864498],
        [376686, 1363294],
        [344014],
    ] %}
    {% set factors = [
        (3.4906, 160280), (1.7473, 37737), (1.4574, 41965), (1.1739, 15183), (1.1038, 13731),
        (1.0863, 8186), (1.0539, 447), (1.0766, 1147), (1.0177, 'null'), ('null', 'null'),
    ] %}
    {% for earlier in cohort %}
    select
        {{ loop.index }} as age,
        {{ earlier }} as earlier,
        cast({{ 'null' if loop.last else cohort[loop.index] }} as bigint) as later,
        cast({{ factors[loop.index0][0] }} as double) as factor,
        cast({{ factors[loop.index0][1] }} as double) as sigma_squared
    union all
    {% endfor %}
    {% endfor %}
    -- nothing to grow from; then hand-computed, with a cohort that began with nothing
    {% for age, earlier, later, factor, sigma_squared in [
        (11, 0, 5, 'null', 'null'),
        (12, 0, 1, 3, 2.5),
        (12, 2, 4, 3, 2.5),
        (12, 2, 7, 3, 2.5),
        (12, 'null', 9, 3, 2.5),
        (13, 2, 4, 1.75, 0.25),
        (13, 2, 4, 1.75, 0.25),
        (13, 4, 6, 1.75, 0.25),
    ] %}
    select
        {{ age }} as age,
        {{ earlier }} as earlier,
        {{ later }} as later,
        cast({{ factor }} as double) as factor,
        cast({{ sigma_squared }} as double) as sigma_squared
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        age,
        min(factor) as factor,
        min(sigma_squared) as sigma_squared,
        {{ development_factor('later', 'earlier') }} as computed_factor,
        {{ mack_sigma_squared('later', 'earlier', 'factor') }} as computed_sigma_squared
    from vectors
    group by age
)

select *
from computed
where
    coalesce(abs(computed_factor - factor) > 5.1E-5, (computed_factor is null) <> (factor is null))
    -- the factor is given in four decimals here
    or coalesce(
        abs(computed_sigma_squared / sigma_squared - 1) > 1E-3,
        (computed_sigma_squared is null) <> (sigma_squared is null)
    )
