-- Every test that can be made of a sample: its statistic, its p-value and the size of its effect.
-- Grain: one row per (sample_id, test_name).
{% set groups, size = 'groups_compared', 'sample_size' -%}
{% set linear, ranks = 'linear_correlation', 'rank_correlation' -%}
{% set pairs = ref('mart_hypothesis_pairs') -%}
{% set sides = ['refused_x', 'refused_n', 'accepted_x', 'accepted_n'] -%}
with share_groups as (
    select
        sample_id,
        case when is_large_enough then group_name end as compared_group,
        sum(trials) as trials,
        sum(successes) as successes,
        {{ exact_sum('expected_successes') }} as expected,
        sum(case when group_name = 'refused' then successes end) as refused_x,
        sum(case when group_name = 'refused' then trials end) as refused_n,
        sum(case when group_name = 'accepted' then successes end) as accepted_x,
        sum(case when group_name = 'accepted' then trials end) as accepted_n
    from {{ ref('mart_hypothesis_shares') }}
    group by sample_id, case when is_large_enough then group_name end
),

share_tests as (
    select
        sample_id,
        count(*) as groups_compared,
        sum(trials) as sample_size,
        {% for part in sides -%}
        sum({{ part }}) as {{ part }},
        {% endfor -%}
        {{ chi_square_statistic('successes', 'expected') }}
        + {{ chi_square_statistic('trials - successes', 'trials - expected') }} as chi_square,
        min(least(expected, trials - expected)) as min_expected_count,
        count(*) filter (where expected < 5)
        + count(*) filter (where trials - expected < 5) as small_cells
    from share_groups
    group by sample_id
),

measure_tests as (
    select
        sample_id,
        count(*) as groups_compared,
        sum(observations) as sample_size,
        {{ kruskal_h('observations', 'rank_sum', 'tied_terms') }} as h,
        {{ between_sum_of_squares('observations', 'measured_sum') }} as b,
        {{ within_sum_of_squares('observations', 'measured_sum', 'squares_sum') }} as w
    from {{ ref('mart_hypothesis_measures') }}
    group by sample_id
),

stated as (
    {% for test, source, statistic, df1, df2, effect, low, high in [
        ('chi_square', 'share_tests', 'chi_square', 'groups_compared - 1', 'null',
            cramers_v_corrected('chi_square', size, groups, '2'), 'null', 'null'),
        ('two_proportions', 'share_tests', 'chi_square', 'groups_compared - 1', 'null',
            rate('refused_x', 'refused_n') ~ ' - ' ~ rate('accepted_x', 'accepted_n'),
            newcombe_low(*sides), newcombe_high(*sides)),
        ('kruskal_wallis', 'measure_tests', 'h', 'groups_compared - 1', 'null',
            kruskal_effect('h', groups, size), 'null', 'null'),
        ('anova', 'measure_tests', anova_f('b', 'w', groups, size), 'groups_compared - 1',
            'sample_size - groups_compared', eta_squared('b', 'w'), 'null', 'null'),
        ('point_biserial', pairs, correlation_t(linear, size), 'sample_size - 2', 'null',
            linear, fisher_low(linear, size), fisher_high(linear, size)),
        ('spearman', pairs, correlation_t(ranks, size), 'sample_size - 2', 'null',
            ranks, fisher_low(ranks, size), fisher_high(ranks, size)),
    ] -%}
    select
        sample_id,
        '{{ test }}' as test_name,
        cast({{ 'null' if source == pairs else groups }} as bigint) as groups_compared,
        cast(sample_size as bigint) as sample_size,
        {{ statistic }} as stated_statistic,
        cast({{ df1 }} as bigint) as stated_df1,
        cast({{ df2 }} as bigint) as df2,
        {{ effect }} as effect_size,
        cast({{ low }} as double) as effect_low,
        cast({{ high }} as double) as effect_high,
        {{ 'min_expected_count' if source == 'share_tests' else 'null' }} as min_expected_count,
        {{ 'small_cells' if source == 'share_tests' else 'null' }} as small_cells
    from {{ source }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

as_f as (
    -- one group, or two pairs, leave nothing to test; the square of a t is an F
    select
        *,
        case when stated_df1 > 0 then stated_statistic end as statistic,
        case when stated_df1 >= 0 then stated_df1 end as df1,
        case when df2 is null then power(stated_statistic, 2) else stated_statistic end as f,
        case when df2 is null then 1 else stated_df1 end as f_df1,
        coalesce(df2, stated_df1) as f_df2
    from stated
)

select
    {% for column in [
        'sample_id', 'test_name', 'groups_compared', 'sample_size', 'statistic', 'df1', 'df2',
        'effect_size', 'effect_low', 'effect_high', 'min_expected_count', 'small_cells',
    ] -%}
    {{ column }},
    {% endfor -%}
    round(case
        when test_name in ('anova', 'point_biserial', 'spearman')
            then {{ f_sf('f', 'f_df1', 'f_df2') }}
        else {{ chi_square_sf('statistic', 'df1') }}
    end, 9) as p_value
from as_f
