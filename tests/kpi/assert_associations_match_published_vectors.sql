-- Agresti (2007, p. 39), R's PlantGrowth and ten pairs of ranks, with effects and bounds by hand;
-- then tables, groups and pairs that are too small to tell: null.
with vectors as (
    {% for kind, x, n, k, m, expected in [
        ('cramers_v', 30.0701490958, 2757, 2, 3, 0.1044358023),
        ('cramers_v', 30.0701490958, 2757, 3, 2, 0.1044358023),
        ('cramers_v', 20.0, 10, 2, 2, 1),
        ('cramers_v', 8.0, 100, 3, 5, 0.2),
        ('cramers_v', 1, 0, 2, 3, 'null'),
        ('cramers_v', 1, 10, 1, 3, 'null'),
        ('cramers_v', 1, 10, 2, 1, 'null'),
        ('cramers_v', 'null', 10, 2, 2, 'null'),
        ('cramers_v_corrected', 30.0701490958, 2757, 2, 3, 0.10091997828),
        ('cramers_v_corrected', 30.0701490958, 2757, 3, 2, 0.10091997828),
        ('cramers_v_corrected', 100, 100, 3, 5, 0.68488843248),
        ('cramers_v_corrected', 100, 100, 5, 3, 0.68488843248),
        ('cramers_v_corrected', 0.5, 10, 2, 3, 0),
        ('cramers_v_corrected', 1, 1, 2, 3, 'null'),
        ('cramers_v_corrected', 1, 2, 2, 2, 'null'),
        ('cramers_v_corrected', 1, 10, 1, 3, 'null'),
        ('cramers_v_corrected', 1, 10, 2, 1, 'null'),
        ('cramers_v_corrected', 'null', 10, 2, 2, 'null'),
        ('anova_f', 3.76634, 10.49209, 3, 30, 4.84608786),
        ('anova_f', 3.76634, 0, 3, 30, 'null'),
        ('anova_f', 3.76634, 1, 1, 30, 'null'),
        ('anova_f', 3.76634, 1, 3, 3, 'null'),
        ('anova_f', 3.76634, 1, 3, 2, 'null'),
        ('anova_f', 3.76634, 1, 0, 2, 'null'),
        ('anova_f', 0, 2, 2, 4, 0),
        ('eta_squared', 3.76634, 10.49209, 0, 0, 0.26414830),
        ('eta_squared', 0, 0, 0, 0, 'null'),
        ('kruskal_effect', 7.9882287494, 30, 3, 0, 0.22178624998),
        ('kruskal_effect', 1.5, 30, 3, 0, 0),
        ('kruskal_effect', 7, 3, 3, 0, 'null'),
        ('kruskal_effect', 7, 2, 3, 0, 'null'),
        ('kruskal_effect', 'null', 30, 3, 0, 'null'),
        ('correlation_t', -0.17575757575757575, 10, 0, 0, -0.50497825),
        ('correlation_t', 0.5, 3, 0, 0, 0.57735027),
        ('correlation_t', 0.5, 2, 0, 0, 'null'),
        ('correlation_t', 1, 10, 0, 0, 'null'),
        ('correlation_t', -1, 10, 0, 0, 'null'),
        ('correlation_t', 'null', 10, 0, 0, 'null'),
        ('fisher_low', 0.5, 30, 0, 0, 0.17043137),
        ('fisher_high', 0.5, 30, 0, 0, 0.72895856),
        ('fisher_low', 0, 4, 0, 0, -0.96108708),
        ('fisher_high', 0, 4, 0, 0, 0.96108708),
        ('fisher_low', 0.5, 3, 0, 0, 'null'),
        ('fisher_high', 1, 10, 0, 0, 'null'),
        ('fisher_low', -1, 10, 0, 0, 'null'),
        ('fisher_low', 1, 10, 0, 0, 'null'),
        ('fisher_high', -1, 10, 0, 0, 'null'),
        ('fisher_high', 0.5, 3, 0, 0, 'null'),
        ('fisher_low', 'null', 10, 0, 0, 'null'),
    ] %}
    select
        '{{ kind }}' as kind,
        cast({{ x }} as double) as x,
        cast({{ n }} as double) as n,
        cast({{ k }} as double) as k,
        cast({{ m }} as double) as m,
        cast({{ expected }} as double) as expected
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        case kind
            when 'cramers_v' then {{ cramers_v('x', 'n', 'k', 'm') }}
            when 'cramers_v_corrected' then {{ cramers_v_corrected('x', 'n', 'k', 'm') }}
            when 'anova_f' then {{ anova_f('x', 'n', 'k', 'm') }}
            when 'eta_squared' then {{ eta_squared('x', 'n') }}
            when 'kruskal_effect' then {{ kruskal_effect('x', 'k', 'n') }}
            when 'correlation_t' then {{ correlation_t('x', 'n') }}
            when 'fisher_low' then {{ fisher_low('x', 'n') }}
            when 'fisher_high' then {{ fisher_high('x', 'n') }}
        end as computed_value
    from vectors
)

select *
from computed
where
    coalesce(
        abs(computed_value - expected) > 1E-8 * greatest(1E0, abs(expected)) * case
            -- from sums of squares that are printed in five decimals
            when kind in ('anova_f', 'eta_squared') then 1E3 else 1E0
        end,
        (computed_value is null) <> (expected is null)
    )
