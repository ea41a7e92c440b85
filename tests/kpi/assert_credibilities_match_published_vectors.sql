-- Claims of five American states (Hachemeister 1975), as the vignette of R's package actuar prints
-- them: between variance 89,639, within 139,120,026, and a state without claims beside them. Then
-- groups that do not differ, groups that differ alone, groups of one measurement, a single group,
-- and a group without any.
with vectors as (
    {% for case_name, observations, weight, total, squares, correlation in [
        ('hachemeister', 12, 100155, 206411582, 431285432030, 0.000643911659848824),
        ('hachemeister', 12, 19895, 30065804, 45808709262, 0.000643911659848824),
        ('hachemeister', 12, 13735, 24803250, 45625521710, 0.000643911659848824),
        ('hachemeister', 12, 4152, 5617556, 7883894742, 0.000643911659848824),
        ('hachemeister', 12, 36110, 57769811, 92695240053, 0.000643911659848824),
        ('hachemeister', 0, 0, 0, 0, 0.000643911659848824),
        ('alike', 2, 2, 2, 4, 0),
        ('alike', 2, 2, 2, 4, 0),
        ('apart', 2, 2, 2, 2, 0.999999999999),
        ('apart', 2, 2, 4, 8, 0.999999999999),
        ('single measurements', 1, 1, 1, 1, 'null'),
        ('single measurements', 1, 1, 2, 4, 'null'),
        ('one group', 2, 2, 2, 4, 'null'),
        ('one group', 0, 0, 0, 0, 'null'),
        ('all the same', 2, 2, 2, 2, 'null'),
        ('all the same', 2, 2, 2, 2, 'null'),
    ] %}
    select
        '{{ case_name }}' as case_name,
        {{ observations }} as observations,
        {{ weight }} as weight,
        cast({{ total }} as bigint) as weighted_total,
        cast({{ squares }} as bigint) as squares,
        cast({{ correlation }} as double) as expected_g
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        case_name,
        min(expected_g) as expected_g,
        {{ credibility_correlation('observations', 'weight', 'weighted_total', 'squares') }}
            as computed_correlation
    from vectors
    group by case_name
)

select *
from computed
where
    coalesce(
        abs(computed_correlation - expected_g) > 1E-15,
        (computed_correlation is null) <> (expected_g is null)
    )
