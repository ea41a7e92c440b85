{#- Tests of association and the sizes of their effects. What is added up over rows stands apart from
    what follows from it, so that each can be shown. -#}

{%- macro chi_square_statistic(observed, expected) -%}
    {{ exact_sum(
        'power((' ~ observed ~ ') - (' ~ expected ~ '), 2) / nullif(' ~ expected ~ ', 0)'
    ) }}
{%- endmacro -%}


{%- macro cramers_v(statistic, total, row_count, column_count) -%}
    case
        when {{ total }} > 0 and {{ row_count }} > 1 and {{ column_count }} > 1 then
            {{ at_most(
                'sqrt(cast(' ~ statistic ~ ' as double) / ' ~ total ~ ' / (least(' ~ row_count ~ ', '
                ~ column_count ~ ') - 1))', '1E0'
            ) }}
    end
{%- endmacro -%}


{%- macro cramers_v_corrected(statistic, total, row_count, column_count) -%}
    {#- Bergsma (2013): what chance alone adds is taken off the statistic and off both counts. -#}
    {%- set corrected -%}
        (cast({{ statistic }} as double) / {{ total }}
        - ({{ row_count }} - 1) * ({{ column_count }} - 1) / ({{ total }} - 1E0))
        / nullif(greatest(0E0, least(
            {{ row_count }} - 1 - power({{ row_count }} - 1, 2) / ({{ total }} - 1E0),
            {{ column_count }} - 1 - power({{ column_count }} - 1, 2) / ({{ total }} - 1E0)
        )), 0)
    {%- endset -%}
    case
        when {{ total }} > 1 and {{ row_count }} > 1 and {{ column_count }} > 1 then
            sqrt({{ at_most(at_least(corrected, '0E0'), '1E0') }})
    end
{%- endmacro -%}


{%- macro between_sum_of_squares(group_size, total) -%}
    {{ at_least(
        sum_of_group_squares(group_size, total) ~ ' - power(' ~ exact_sum(total)
        ~ ', 2) / nullif(sum(' ~ group_size ~ '), 0)', '0E0'
    ) }}
{%- endmacro -%}


{%- macro within_sum_of_squares(group_size, total, squares) -%}
    {{ at_least(exact_sum(squares) ~ ' - ' ~ sum_of_group_squares(group_size, total), '0E0') }}
{%- endmacro -%}


{%- macro sum_of_group_squares(group_size, total) -%}
    {{ exact_sum('cast(' ~ total ~ ' as double) * ' ~ total ~ ' / nullif(' ~ group_size ~ ', 0)') }}
{%- endmacro -%}


{%- macro anova_f(between, within, group_count, total) -%}
    cast({{ between }} as double) / nullif(greatest({{ group_count }} - 1, 0), 0)
    / (nullif({{ within }}, 0) / nullif(greatest({{ total }} - {{ group_count }}, 0), 0))
{%- endmacro -%}


{%- macro eta_squared(between, within) -%}
    cast({{ between }} as double) / nullif({{ between }} + {{ within }}, 0)
{%- endmacro -%}


{%- macro average_rank(value, frequency='1', partition_by=none) -%}
    {#- Equal values share the mean of the ranks that they would have had. -#}
    case
        when {{ value }} is not null then
            sum({{ frequency }}) over (
                {{ 'partition by ' ~ partition_by if partition_by }} order by {{ value }} nulls last
            ) - ({{ tie_count(value, frequency, partition_by) }} - 1) / 2E0
    end
{%- endmacro -%}


{%- macro tie_count(value, frequency='1', partition_by=none) -%}
    {#- Over the same order as the rank: the rows are sorted once for both. -#}
    sum({{ frequency }}) over (
        {{ 'partition by ' ~ partition_by if partition_by }} order by {{ value }} nulls last
        range between current row and current row
    )
{%- endmacro -%}


{%- macro kruskal_h(group_size, rank_sum, ties) -%}
    {#- Kruskal and Wallis (1952), divided by 1 - sum (t^3 - t) / (N^3 - N). -#}
    {%- set total = 'cast(sum(' ~ group_size ~ ') as double)' -%}
    case
        when count({{ group_size }}) > 1 then
            {{ at_least(
                '12E0 / (' ~ total ~ ' * (' ~ total ~ ' + 1E0)) * '
                ~ sum_of_group_squares(group_size, rank_sum) ~ ' - 3E0 * (' ~ total ~ ' + 1E0)', '0E0'
            ) }} / nullif(1E0 - {{ exact_sum(ties) }}
                / nullif(power({{ total }}, 3) - {{ total }}, 0), 0)
    end
{%- endmacro -%}


{%- macro kruskal_effect(statistic, group_count, total) -%}
    {{ at_least(
        '(' ~ statistic ~ ' - ' ~ group_count ~ ' + 1E0) / nullif(greatest(' ~ total ~ ' - '
        ~ group_count ~ ', 0), 0)', '0E0'
    ) }}
{%- endmacro -%}


{%- macro correlation_t(r, n) -%}
    case
        when {{ n }} > 2 and abs({{ r }}) < 1 then
            {{ r }} * sqrt(({{ n }} - 2E0) / (1E0 - {{ r }} * {{ r }}))
    end
{%- endmacro -%}


{%- macro fisher_low(r, n) -%}
    {{ fisher_bound(r, n, '-') }}
{%- endmacro -%}


{%- macro fisher_high(r, n) -%}
    {{ fisher_bound(r, n, '+') }}
{%- endmacro -%}


{%- macro fisher_bound(r, n, sign) -%}
    case
        when {{ n }} > 3 and abs({{ r }}) < 1 then
            round(tanh(ln((1E0 + {{ r }}) / (1E0 - {{ r }})) / 2E0
                {{ sign }} 1.959963984540054E0 / sqrt({{ n }} - 3E0)), 12)
    end
{%- endmacro -%}


{%- macro benjamini_hochberg(p_value, tests, p_rank, partition_by=none) -%}
    {#- From the largest p down, so that a larger p never has a smaller q; and never below its own p,
        where rounding would bring it. -#}
    case
        when {{ p_value }} is not null then
            min(least(1E0, greatest({{ p_value }}, {{ p_value }} * {{ tests }} / {{ p_rank }}))) over (
                {{ 'partition by ' ~ partition_by if partition_by }}
                order by {{ p_rank }} rows between current row and unbounded following
            )
    end
{%- endmacro -%}


{%- macro weighted_correlation(x, y, weight) -%}
    {%- set n = 'cast(sum(' ~ weight ~ ') as double)' -%}
    {%- set x_sum = exact_sum(weight ~ ' * cast(' ~ x ~ ' as double)') -%}
    {%- set y_sum = exact_sum(weight ~ ' * cast(' ~ y ~ ' as double)') -%}
    {%- set products = exact_sum(weight ~ ' * cast(' ~ x ~ ' as double) * ' ~ y) -%}
    {%- set x_squares = exact_sum(weight ~ ' * cast(' ~ x ~ ' as double) * ' ~ x) -%}
    {%- set y_squares = exact_sum(weight ~ ' * cast(' ~ y ~ ' as double) * ' ~ y) -%}
    ({{ products }} - {{ x_sum }} * {{ y_sum }} / {{ n }}) / nullif(
        sqrt({{ at_least(x_squares ~ ' - power(' ~ x_sum ~ ', 2) / ' ~ n, '0E0') }})
        * sqrt({{ at_least(y_squares ~ ' - power(' ~ y_sum ~ ', 2) / ' ~ n, '0E0') }}), 0
    )
{%- endmacro -%}
