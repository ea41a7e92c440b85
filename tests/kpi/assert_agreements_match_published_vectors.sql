-- Carcinoma of the cervix, two pathologists (Agresti 2013, table 11.8), and a table of two by two
-- at the end of the scale; then full agreement, one class alone, a grader who always says the same,
-- nothing but disagreement, and ranks outside the scale. A pair without one of its ranks does not
-- count.
{% set samples = [
    ('Agresti', 0.4930055955, 0.6488095238, 0.7838218715, [
        (1, 1, 22), (1, 2, 2), (1, 3, 2), (2, 1, 5), (2, 2, 7), (2, 3, 14), (3, 2, 2), (3, 3, 36),
        (4, 2, 1), (4, 3, 17), (4, 4, 10)]),
    ('two by two', 0.4, 0.4, 0.4, [(3, 3, 20), (3, 4, 5), (4, 3, 10), (4, 4, 15)]),
    ('three by three', 0.4705882353, 0.6582278481, 0.8, [
        (1, 1, 3), (2, 1, 1), (2, 3, 1), (3, 2, 1), (3, 3, 3)]),
    ('all agreed', 1, 1, 1, [(1, 1, 2), (3, 3, 5)]),
    ('one class', 'null', 'null', 'null', [(2, 2, 7)]),
    ('one class of one grader', 0, 0, 0, [(1, 1, 2), (1, 2, 1), (1, 3, 1)]),
    ('nothing agreed', -0.8, -0.8, -0.8, [(1, 3, 2), (3, 1, 1)]),
    ('the best grade alone of one grader', 0, 0, 0, [(3, 4, 1), (4, 4, 2)]),
    ('of the other', 0, 0, 0, [(4, 3, 1), (4, 4, 2)]),
    ('a rank below the scale', 'null', 'null', 'null', [(1, 1, 1), (1, 0, 1)]),
    ('the other below the scale', 'null', 'null', 'null', [(1, 1, 1), (0, 1, 1)]),
    ('a rank beyond the scale', 'null', 'null', 'null', [(1, 1, 1), (1, 5, 1)]),
    ('the other beyond the scale', 'null', 'null', 'null', [(1, 1, 1), (5, 1, 1)]),
] %}
{% set one_rank_alone = [
    (1, 'null', 9), (2, 'null', 8), (3, 'null', 7), (4, 'null', 6), (5, 'null', 5),
    ('null', 1, 4), ('null', 2, 3), ('null', 3, 2), ('null', 4, 1), ('null', 5, 9),
] %}
with vectors as (
    {% for sample, kappa, linear, quadratic, cells in samples %}
    {% set outer = loop %}
    {% for rank_a, rank_b, pair_count in cells + one_rank_alone %}
    select
        '{{ sample }}' as sample_name,
        {{ rank_a }} as rank_a,
        {{ rank_b }} as rank_b,
        {{ pair_count }} as pair_count,
        cast({{ kappa }} as double) as kappa,
        cast({{ linear }} as double) as linear,
        cast({{ quadratic }} as double) as quadratic
    {{ 'union all' if not (loop.last and outer.last) }}
    {% endfor %}
    {% endfor %}
),

expected as (
    select distinct
        sample_name,
        kappa,
        linear,
        quadratic
    from vectors
),

computed as (
    select
        sample_name,
        {{ cohen_kappa('rank_a', 'rank_b', 'none', 'pair_count', 4) }} as computed_kappa,
        {{ cohen_kappa('rank_a', 'rank_b', 'linear', 'pair_count', 4) }} as computed_linear,
        {{ cohen_kappa('rank_b', 'rank_a', 'quadratic', 'pair_count', 4) }} as computed_quadratic
    from vectors
    group by sample_name
)

select
    expected.sample_name,
    expected.kappa,
    computed.computed_kappa,
    expected.linear,
    computed.computed_linear,
    expected.quadratic,
    computed.computed_quadratic
from expected
left join computed
    on expected.sample_name = computed.sample_name
where
    coalesce(
        abs(computed.computed_kappa - expected.kappa) > 1E-10,
        (computed.computed_kappa is null) <> (expected.kappa is null)
    )
    or coalesce(
        abs(computed.computed_linear - expected.linear) > 1E-10,
        (computed.computed_linear is null) <> (expected.linear is null)
    )
    or coalesce(
        abs(computed.computed_quadratic - expected.quadratic) > 1E-10,
        (computed.computed_quadratic is null) <> (expected.quadratic is null)
    )
