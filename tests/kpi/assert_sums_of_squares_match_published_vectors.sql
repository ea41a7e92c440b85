-- R's PlantGrowth (Dobson 1983) with its analysis of variance and its Kruskal-Wallis test (R
-- documentation); values that are all equal, one group, and a group of nobody.
with vectors as (
    {% for sample, between, within, h, groups in [
        ('PlantGrowth', 3.76634, 10.49209, 7.9882287494, [
            [4.17, 5.58, 5.18, 6.11, 4.5, 4.61, 5.17, 4.53, 5.33, 5.14],
            [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69],
            [6.31, 5.12, 5.54, 5.5, 5.37, 5.29, 4.92, 6.15, 5.8, 5.26],
        ]),
        ('equal values', 0, 0, 'null', [[0.1, 0.1, 0.1], [0.1, 0.1]]),
        ('equal groups', 0, 1, 0, [[1, 2], [2, 1]]),
        ('one group', 0, 2, 'null', [[1, 2, 3]]),
        ('one value', 0, 0, 'null', [[1]]),
    ] %}
    {% set outer = loop %}
    {% for group in groups %}
    {% set number = loop.index %}
    {% set last_group = loop.last %}
    {% for value in group %}
    select
        '{{ sample }}' as sample_name,
        {{ number }} as group_number,
        cast({{ value }} as double) as measured,
        cast({{ between }} as double) as between_groups,
        cast({{ within }} as double) as within_groups,
        cast({{ h }} as double) as h
    {{ 'union all' if not (loop.last and last_group and outer.last) }}
    {% endfor %}
    {% endfor %}
    {% endfor %}
),

ranked as (
    select
        *,
        {{ average_rank('measured', partition_by='sample_name') }} as average_rank,
        {{ tie_count('measured', partition_by='sample_name') }} as tie_count
    from vectors
),

grouped as (
    select
        sample_name,
        group_number,
        min(between_groups) as between_groups,
        min(within_groups) as within_groups,
        min(h) as h,
        count(*) as group_size,
        sum(measured) as total,
        sum(measured * measured) as squares,
        sum(average_rank) as rank_sum,
        sum(tie_count * tie_count - 1) as tied_terms
    from ranked
    group by sample_name, group_number
),

computed as (
    select
        sample_name,
        min(between_groups) as between_groups,
        min(within_groups) as within_groups,
        min(h) as h,
        {{ between_sum_of_squares('group_size', 'total') }} as computed_between,
        {{ within_sum_of_squares('group_size', 'total', 'squares') }} as computed_within,
        {{ kruskal_h('group_size', 'rank_sum', 'tied_terms') }} as computed_h
    from grouped
    group by sample_name
)

select *
from computed
where
    coalesce(abs(computed_between - between_groups) > 6E-6 or computed_between < 0, true)
    or coalesce(abs(computed_within - within_groups) > 6E-6 or computed_within < 0, true)
    or coalesce(abs(computed_h - h) > 1E-9, (computed_h is null) <> (h is null))
