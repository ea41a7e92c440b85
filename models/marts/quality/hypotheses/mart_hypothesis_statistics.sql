-- Every test that can be made of a sample: its statistic, its p-value and the size of its effect.
-- Grain: one row per (sample_id, test_name).
with share_groups as (
    -- groups too small for chi-square are taken together
    select
        sample_id,
        case when is_large_enough then group_name end as compared_group,
        sum(trials) as trials,
        sum(successes) as successes,
        {{ exact_sum('expected_successes') }} as expected,
        {% for decision in ['refused', 'accepted'] -%}
        sum(case when group_name = '{{ decision }}' then successes end) as {{ decision }}_x,
        sum(case when group_name = '{{ decision }}' then trials end) as {{ decision }}_n
        {{- ',' if not loop.last }}
        {% endfor -%}
    from {{ ref('mart_hypothesis_shares') }}
    group by sample_id, case when is_large_enough then group_name end
),

share_tests as (
    select
        sample_id,
        count(*) as groups_compared,
        sum(trials) as sample_size,
        case when count(*) > 1 then
            {{ chi_square_statistic('successes', 'expected') }}
            + {{ chi_square_statistic('trials - successes', 'trials - expected') }}
        end as chi_square,
        min(least(expected, trials - expected)) as min_expected_count,
        count(*) filter (where expected < 5)
        + count(*) filter (where trials - expected < 5) as small_cells,
        {% for part in ['refused_x', 'refused_n', 'accepted_x', 'accepted_n'] -%}
        cast(sum({{ part }}) as bigint) as {{ part }}{{ ',' if not loop.last }}
        {% endfor -%}
    from share_groups
    group by sample_id
),

measure_tests as (
    select
        sample_id,
        count(*) as groups_compared,
        sum(observations) as sample_size,
        {{ kruskal_h('observations', 'rank_sum', 'tied_terms') }} as h,
        {{ between_sum_of_squares('observations', 'measured_sum') }} as between_groups,
        {{ within_sum_of_squares('observations', 'measured_sum', 'squares_sum') }} as within_groups
    from {{ ref('mart_hypothesis_measures') }}
    group by sample_id
),

pairs as (
    select
        *,
        pair_count as sample_size
    from {{ ref('mart_hypothesis_pairs') }}
),

stated as (
    {% set groups, size = 'groups_compared', 'sample_size' -%}
    {% set sides = ['refused_x', 'refused_n', 'accepted_x', 'accepted_n'] -%}
    {% for test, source, statistic, df1, df2, effect, low, high in [
        ('chi_square', 'share_tests', 'chi_square', 'groups_compared - 1', 'null',
            cramers_v_corrected('chi_square', size, groups, '2'), 'null', 'null'),
        ('two_proportions', 'share_tests', 'chi_square', 'groups_compared - 1', 'null',
            rate('refused_x', 'refused_n') ~ ' - ' ~ rate('accepted_x', 'accepted_n'),
            newcombe_low(*sides), newcombe_high(*sides)),
        ('kruskal_wallis', 'measure_tests', 'h', 'groups_compared - 1', 'null',
            kruskal_effect('h', groups, size), 'null', 'null'),
        ('anova', 'measure_tests', anova_f('between_groups', 'within_groups', groups, size),
            'groups_compared - 1', 'sample_size - groups_compared',
            eta_squared('between_groups', 'within_groups'), 'null', 'null'),
        ('point_biserial', 'pairs', correlation_t('linear_correlation', size), 'sample_size - 2',
            'null', 'linear_correlation', fisher_low('linear_correlation', size),
            fisher_high('linear_correlation', size)),
        ('spearman', 'pairs', correlation_t('rank_correlation', size), 'sample_size - 2',
            'null', 'rank_correlation', fisher_low('rank_correlation', size),
            fisher_high('rank_correlation', size)),
    ] -%}
    select
        sample_id,
        '{{ test }}' as test_name,
        cast({{ 'null' if source == 'pairs' else groups }} as bigint) as groups_compared,
        cast(sample_size as bigint) as sample_size,
        {{ statistic }} as statistic,
        cast({{ df1 }} as bigint) as df1,
        cast({{ df2 }} as bigint) as df2,
        {{ effect }} as effect_size,
        cast({{ low }} as double) as effect_low,
        cast({{ high }} as double) as effect_high,
        {{ 'min_expected_count' if source == 'share_tests' else 'null' }} as min_expected_count,
        {{ 'small_cells' if source == 'share_tests' else 'null' }} as small_cells
    from {{ source }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select
    *,
    round(case
        when test_name = 'anova' then {{ f_sf('statistic', 'df1', 'df2') }}
        when test_name in ('point_biserial', 'spearman')
            then {{ student_t_two_sided('statistic', 'df1') }}
        else {{ chi_square_sf('statistic', 'df1') }}
    end, 9) as p_value
from stated
