-- Shares of 30, 30, 25 and 15 % against 40, 30, 20 and 10 %, and the other way round; then equal
-- shares, a class that one of the two does not know (half a case), and an empty sample; with the
-- chi-square that has the same probability.
with vectors as (
    {% for sample, index_value, chi_square, classes in [
        ('shifted', 0.0601986402, 5.472603656, [(30, 400), (30, 300), (25, 200), (15, 100)]),
        ('swapped', 0.0601986402, 5.472603656, [(400, 30), (300, 30), (200, 25), (100, 15)]),
        ('equal shares', 0, 0, [(3, 6), (1, 2)]),
        ('new class', 0.9127608107, 4.563804053, [(6, 10), (4, 0)]),
        ('gone class', 0.9127608107, 4.563804053, [(10, 6), (0, 4)]),
        ('one case each', 0.4620981204, 0.2310490602, [(1, 0), (0, 1)]),
        ('one class', 0, 0, [(10, 6)]),
        ('no case now', 'null', 'null', [(0, 6), (0, 4)]),
        ('no baseline', 'null', 'null', [(6, 0), (4, 0)]),
    ] %}
    {% set outer = loop %}
    {% for actual, baseline in classes %}
    select
        '{{ sample }}' as sample_name,
        {{ actual }} as actual,
        {{ baseline }} as baseline,
        cast({{ index_value }} as double) as index_value,
        cast({{ chi_square }} as double) as chi_square
    {{ 'union all' if not (loop.last and outer.last) }}
    {% endfor %}
    {% endfor %}
),

computed as (
    select
        sample_name,
        min(index_value) as index_value,
        min(chi_square) as chi_square,
        {{ population_stability_index('actual', 'baseline') }} as computed_index,
        {{ stability_chi_square('actual', 'baseline') }} as computed_chi_square
    from vectors
    group by sample_name
)

select *
from computed
where
    coalesce(
        abs(computed_index - index_value) > 1E-10 or computed_index < 0,
        (computed_index is null) <> (index_value is null)
    )
    or coalesce(
        abs(computed_chi_square - chi_square) > 1E-8,
        (computed_chi_square is null) <> (chi_square is null)
    )
