-- The factors of Taylor and Ashe's triangle (Mack 1993), from the last to the first: what a
-- cohort of each age will grow by. Then products that reach 0, and that cannot go on.
with vectors as (
    {% for sample, factors in {
        'Taylor-Ashe': [
            (1.0177, 1.0177), (1.0766, 1.09565582), (1.0539, 1.154711668698),
            (1.0863, 1.254363285706), (1.1038, 1.384566194763), (1.1739, 1.625342256032),
            (1.4574, 2.368773803941), (1.7473, 4.138958467627), (3.4906, 14.447448427099),
        ],
        'reaches 0': [(2, 2), (0, 0), (3, 0)],
        'shrinks': [(0.5, 0.5), (0.25, 0.125), (4, 0.5)],
        'is negative': [(2, 2), (-0.5, 'null'), (3, 'null')],
        'is missing': [(2, 2), ('null', 'null'), (0, 'null')],
    }.items() %}
    {% set outer = loop %}
    {% for factor, product in factors %}
    select
        '{{ sample }}' as sample_name,
        {{ loop.index }} as step,
        cast({{ factor }} as double) as factor,
        cast({{ product }} as double) as product
    {{ 'union all' if not (loop.last and outer.last) }}
    {% endfor %}
    {% endfor %}
),

computed as (
    select
        *,
        {{ running_product('factor', 'partition by sample_name order by step') }}
            as computed_product
    from vectors
)

select *
from computed
where
    coalesce(
        abs(computed_product - product) > 1E-9, (computed_product is null) <> (product is null)
    )
