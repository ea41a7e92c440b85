{#- Agreement of two graders on an ordered scale, and drift of a distribution. All are aggregates over
    rows of counts: one `group by` has the margins too, because ranks are few and known. -#}

{%- macro count_of_pairs(condition, pairs) -%}
    cast(sum(case when {{ condition }} then {{ pairs }} else 0 end) as double)
{%- endmacro -%}


{%- macro disagreement(rank_a, rank_b, weights, pairs) -%}
    {#- Without one of its ranks a pair has no distance, and is not counted as different either. -#}
    {%- if weights == 'none' -%}
        {{ count_of_pairs(rank_a ~ ' <> ' ~ rank_b, pairs) }}
    {%- else -%}
        {%- set distance = rank_a ~ ' - ' ~ rank_b -%}
        cast(sum({{ pairs }} * {{
            'power(' ~ distance ~ ', 2)' if weights == 'quadratic' else 'abs(' ~ distance ~ ')'
        }}) as double)
    {%- endif -%}
{%- endmacro -%}


{%- macro disagreement_by_chance(rank_a, rank_b, weights, pairs, max_rank) -%}
    {#- A distance on a line is the number of thresholds between its ends, whence a sum over thresholds
        (the highest parts nothing); a square falls apart into sums of each side. -#}
    {%- set total = count_of_pairs(rank_a ~ ' is not null and ' ~ rank_b ~ ' is not null', pairs) -%}
    {%- if weights == 'quadratic' -%}
        {{ total }} * cast(sum(
            {{ pairs }} * (power({{ rank_a }}, 2) + power({{ rank_b }}, 2))
        ) as double) - 2E0
        * cast(sum(case when {{ rank_b }} is not null then {{ pairs }} * {{ rank_a }} end) as double)
        * cast(sum(case when {{ rank_a }} is not null then {{ pairs }} * {{ rank_b }} end) as double)
    {%- else -%}
        {%- for rank in range(1, max_rank + (1 if weights == 'none' else 0)) -%}
            {%- set reached = (' = ' if weights == 'none' else ' <= ') ~ rank ~ ' and ' -%}
            {%- set in_a = count_of_pairs(rank_a ~ reached ~ rank_b ~ ' is not null', pairs) -%}
            {%- set in_b = count_of_pairs(rank_b ~ reached ~ rank_a ~ ' is not null', pairs) -%}
            {{ ' + ' if not loop.first }}{{ in_a }} * ({{ total }} - {{ in_b }})
            {%- if weights == 'linear' %} + {{ in_b }} * ({{ total }} - {{ in_a }}){% endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}


{%- macro cohen_kappa(rank_a, rank_b, weights='none', pairs='1', max_rank=6) -%}
    {#- Whole numbers until the last division, so that it is the same in any order of the rows. -#}
    case
        when
            count(*) filter (where {{ rank_a }} is not null and {{ rank_b }} is not null)
            = count(*) filter (where {{ rank_a }} between 1 and {{ max_rank }}
                and {{ rank_b }} between 1 and {{ max_rank }})
            then
            1E0 - {{ disagreement(rank_a, rank_b, weights, pairs) }}
            * {{ count_of_pairs(rank_a ~ ' is not null and ' ~ rank_b ~ ' is not null', pairs) }}
            / nullif({{ disagreement_by_chance(rank_a, rank_b, weights, pairs, max_rank) }}, 0)
    end
{%- endmacro -%}


{%- macro population_stability_index(actual, expected) -%}
    {#- sum (a - e) ln (a / e) over shares is sum a ln (a / e) / A - sum e ln (a / e) / E over counts:
        the logarithms of the totals cancel, and one pass is enough. -#}
    {%- set now = 'greatest(' ~ actual ~ ', 0.5E0)' -%}
    {%- set before = 'greatest(' ~ expected ~ ', 0.5E0)' -%}
    {%- set log_ratio = 'ln(' ~ now ~ ' / ' ~ before ~ ')' -%}
    case
        when sum({{ actual }}) > 0 and sum({{ expected }}) > 0 then
            {{ at_least(
                exact_sum(now ~ ' * ' ~ log_ratio) ~ ' / ' ~ exact_sum(now)
                ~ ' - ' ~ exact_sum(before ~ ' * ' ~ log_ratio) ~ ' / ' ~ exact_sum(before), '0E0'
            ) }}
    end
{%- endmacro -%}


{%- macro stability_chi_square(actual, expected) -%}
    {{ population_stability_index(actual, expected) }} * sum({{ actual }}) * sum({{ expected }})
    / nullif(sum({{ actual }}) + sum({{ expected }}), 0)
{%- endmacro -%}
