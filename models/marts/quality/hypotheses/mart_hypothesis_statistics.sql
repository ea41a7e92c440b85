-- Every test that can be made of a sample: its statistic, its p-value and the size of its effect.
-- Grain: one row per (sample_id, test_name).
with share_tests as (
    select
        sample_id,
        count(*) as groups_compared,
        cast(sum(trials) as bigint) as sample_size,
        {{ chi_square_statistic('successes', 'expected_successes') }}
        + {{ chi_square_statistic('trials - successes', 'trials - expected_successes') }}
            as statistic,
        min(least(expected_successes, trials - expected_successes)) as min_expected_count,
        count(*) filter (where expected_successes < 5)
        + count(*) filter (where trials - expected_successes < 5) as small_cells,
        cast(sum(case when group_name = 'refused' then successes end) as bigint) as refused_x,
        cast(sum(case when group_name = 'refused' then trials end) as bigint) as refused_n,
        cast(sum(case when group_name = 'accepted' then successes end) as bigint) as accepted_x,
        cast(sum(case when group_name = 'accepted' then trials end) as bigint) as accepted_n
    from {{ ref('mart_hypothesis_shares') }}
    group by sample_id
),

measure_tests as (
    select
        sample_id,
        count(*) as groups_compared,
        cast(sum(observations) as bigint) as sample_size,
        {{ kruskal_h('observations', 'rank_sum', 'tied_terms') }} as h,
        {{ between_sum_of_squares('observations', 'measured_sum') }} as between_groups,
        {{ within_sum_of_squares('observations', 'measured_sum', 'squares_sum') }} as within_groups
    from {{ ref('mart_hypothesis_measures') }}
    group by sample_id
),

pairs as (
    select * from {{ ref('mart_hypothesis_pairs') }}
),

stated as (
    {% for test, effect, low, high in [
        ('chi_square', cramers_v_corrected('statistic', 'sample_size', 'groups_compared', '2'),
            'cast(null as double)', 'cast(null as double)'),
        ('two_proportions', rate('refused_x', 'refused_n') ~ ' - ' ~ rate('accepted_x', 'accepted_n'),
            newcombe_low('refused_x', 'refused_n', 'accepted_x', 'accepted_n'),
            newcombe_high('refused_x', 'refused_n', 'accepted_x', 'accepted_n')),
    ] -%}
    select
        sample_id,
        '{{ test }}' as test_name,
        case when groups_compared > 1 then statistic end as statistic,
        cast(groups_compared - 1 as bigint) as df1,
        cast(null as bigint) as df2,
        {{ effect }} as effect_size,
        {{ low }} as effect_low,
        {{ high }} as effect_high,
        sample_size,
        groups_compared,
        min_expected_count,
        small_cells
    from share_tests
    union all
    {% endfor -%}
    {% for test, statistic, df2, effect in [
        ('kruskal_wallis', 'h', 'cast(null as bigint)', kruskal_effect('h', 'groups_compared', 'sample_size')),
        ('anova', anova_f('between_groups', 'within_groups', 'groups_compared', 'sample_size'),
            'sample_size - groups_compared', eta_squared('between_groups', 'within_groups')),
    ] -%}
    select
        sample_id,
        '{{ test }}' as test_name,
        {{ statistic }} as statistic,
        groups_compared - 1 as df1,
        {{ df2 }} as df2,
        {{ effect }} as effect_size,
        null as effect_low,
        null as effect_high,
        sample_size,
        groups_compared,
        null as min_expected_count,
        null as small_cells
    from measure_tests
    union all
    {% endfor -%}
    {% for test, r in [('point_biserial', 'linear_correlation'), ('spearman', 'rank_correlation')] -%}
    select
        sample_id,
        '{{ test }}' as test_name,
        {{ correlation_t(r, 'pair_count') }} as statistic,
        pair_count - 2 as df1,
        null as df2,
        {{ r }} as effect_size,
        {{ fisher_low(r, 'pair_count') }} as effect_low,
        {{ fisher_high(r, 'pair_count') }} as effect_high,
        pair_count as sample_size,
        null as groups_compared,
        null as min_expected_count,
        null as small_cells
    from pairs
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select
    *,
    case
        when test_name = 'anova' then {{ f_sf('statistic', 'df1', 'df2') }}
        when test_name in ('point_biserial', 'spearman')
            then {{ student_t_two_sided('statistic', 'df1') }}
        else {{ chi_square_sf('statistic', 'df1') }}
    end as p_value
from stated
