{#- Empirical Bayes: the rate of a small group is drawn towards the rate of all (beta-binomial). -#}

{%- macro kleinman_correlation(successes, trials) -%}
    {#- Kleinman (1973) with S = sum n (x/n - p)^2 = sum x^2/n - X^2/N; p (1 - p) is divided out:
        g = (S / (p (1 - p)) - (k - 1)) / (N - sum n^2 / N - (k - 1)). Groups of one trial each leave
        nothing to divide by: they show no heterogeneity. -#}
    {%- set total = 'cast(sum(' ~ trials ~ ') as double)' -%}
    {%- set positive = 'cast(sum(' ~ successes ~ ') as double)' -%}
    {%- set groups = 'count(nullif(' ~ trials ~ ', 0))' -%}
    {%- set squares -%}
        {{ exact_sum('cast(' ~ successes ~ ' as double) * ' ~ successes ~ ' / nullif(' ~ trials ~ ', 0)') }}
    {%- endset -%}
    {%- set trials_squared -%}
        {{ exact_sum('cast(' ~ trials ~ ' as double) * ' ~ trials) }}
    {%- endset -%}
    case
        when {{ groups }} >= 2 and {{ positive }} > 0 and {{ positive }} < {{ total }} then
            least(0.999999999999E0, greatest(0E0, coalesce(
                (
                    ({{ squares }} - {{ positive }} * {{ positive }} / {{ total }})
                    * {{ total }} * {{ total }} / ({{ positive }} * ({{ total }} - {{ positive }}))
                    - ({{ groups }} - 1)
                ) / nullif({{ total }} - {{ trials_squared }} / {{ total }} - ({{ groups }} - 1), 0),
                0E0
            )))
    end
{%- endmacro -%}


{%- macro credibility_correlation(observations, weight, total, squares) -%}
    {#- Buehlmann and Straub (1970) from sums of a group: with the within variance s2 = (sum of squares
        - sum total^2/weight) / (N - k) and the between variance a = (sum total^2/weight - T^2/W -
        (k - 1) s2) / (W - sum weight^2/W), g = a / (a + s2). -#}
    {%- set weights = exact_sum(weight) -%}
    {%- set groups = 'count(nullif(' ~ observations ~ ', 0))' -%}
    {%- set squared_means -%}
        {{ exact_sum('cast(' ~ total ~ ' as double) * ' ~ total ~ ' / nullif(' ~ weight ~ ', 0)') }}
    {%- endset -%}
    {%- set weights_squared = exact_sum('cast(' ~ weight ~ ' as double) * ' ~ weight) -%}
    {%- set within -%}
        (({{ exact_sum(squares) }} - {{ squared_means }})
        / nullif(cast(sum({{ observations }}) as double) - {{ groups }}, 0))
    {%- endset -%}
    {%- set between -%}
        greatest(0E0, (
            {{ squared_means }} - {{ exact_sum(total) }} * {{ exact_sum(total) }} / {{ weights }}
            - ({{ groups }} - 1) * {{ within }}
        ) / nullif({{ weights }} - {{ weights_squared }} / {{ weights }}, 0))
    {%- endset -%}
    case
        when {{ groups }} >= 2 and {{ within }} + {{ between }} > 0
            then least(0.999999999999E0, {{ between }} / ({{ within }} + {{ between }}))
    end
{%- endmacro -%}


{%- macro shrunk_rate(successes, trials, market_rate, correlation) -%}
    {#- w x/n + (1 - w) p with w = n g / (1 + (n - 1) g), multiplied out: no n is left below. -#}
    case
        when {{ correlation }} >= 0 and {{ correlation }} < 1 then
            ({{ correlation }} * {{ successes }} + (1E0 - {{ correlation }}) * {{ market_rate }})
            / (1E0 + ({{ trials }} - 1) * {{ correlation }})
    end
{%- endmacro -%}


{%- macro shrunk_alpha(successes, market_rate, correlation) -%}
    ({{ successes }} + (1E0 / nullif({{ correlation }}, 0) - 1E0) * {{ market_rate }})
{%- endmacro -%}


{%- macro shrunk_beta(successes, trials, market_rate, correlation) -%}
    (
        {{ trials }} - {{ successes }}
        + (1E0 / nullif({{ correlation }}, 0) - 1E0) * (1E0 - {{ market_rate }})
    )
{%- endmacro -%}


{%- macro probability_above(target, successes, trials, market_rate, correlation) -%}
    {#- A prior worth more than a million trials is a point. -#}
    {%- set alpha = shrunk_alpha(successes, market_rate, correlation) -%}
    {%- set beta = shrunk_beta(successes, trials, market_rate, correlation) -%}
    case
        when {{ correlation }} < 0 or {{ correlation }} >= 1 then null
        when {{ successes }} + {{ trials }} + {{ market_rate }} + {{ target }} is null then null
        when {{ correlation }} < 0.000001E0 then
            case when {{ market_rate }} > {{ target }} then 1E0 else 0E0 end
        else {{ beta_sf(target, alpha, beta) }}
    end
{%- endmacro -%}
