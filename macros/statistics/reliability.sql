{#- The grids of ages on which reliability and completion are measured. -#}

{%- macro service_period_days() -%}
    {{ return(30) }}
{%- endmacro -%}


{%- macro service_periods() -%}
    {#- Two years: the legal conformity of a refurbished device. -#}
    {{ return(24) }}
{%- endmacro -%}


{%- macro reliability_dimensions() -%}
    {#- Name of the dimension, and the column of which it is a value. -#}
    {{ return({
        'marketplace': "'all'",
        'supplier': 'supplier_id',
        'category': 'category',
        'grade': 'announced_grade',
    }) }}
{%- endmacro -%}


{%- macro completion_ages() -%}
    {#- Days since the order: dense where most returns come, and both windows of the brief. -#}
    {{ return([5, 10, 15, 20, 25, 30, 45, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365]) }}
{%- endmacro -%}


{%- macro incidence_standard_error(
    incidence, survival_before, failures_of_cause, failures, at_risk, window
) -%}
    {#- Delta method: Marubini and Valsecchi (1995), with the square multiplied out, so that one pass
        of running sums is enough. Greenwood's error where there is one cause alone. -#}
    {%- set hazard = '(cast(' ~ failures ~ ' as double) / (' ~ at_risk ~ ' * nullif(' ~ at_risk
        ~ ' - ' ~ failures ~ ', 0)))' -%}
    {%- set entry = '(' ~ survival_before ~ ' * ' ~ failures_of_cause ~ ' / (cast(' ~ at_risk
        ~ ' as double) * ' ~ at_risk ~ '))' -%}
    sqrt(greatest(
        0E0,
        {{ incidence }} * {{ incidence }} * sum({{ hazard }}) over ({{ window }})
        - 2E0 * {{ incidence }} * sum({{ hazard }} * {{ incidence }}) over ({{ window }})
        + sum({{ hazard }} * {{ incidence }} * {{ incidence }}) over ({{ window }})
        + sum({{ survival_before }} * ({{ at_risk }} - {{ failures_of_cause }}) / {{ at_risk }} * {{ entry }})
            over ({{ window }})
        - 2E0 * {{ incidence }} * sum({{ entry }}) over ({{ window }})
        + 2E0 * sum({{ entry }} * {{ incidence }}) over ({{ window }})
    ))
{%- endmacro -%}


{%- macro factors_within(limit) -%}
    {%- set is_within = 'age_days <= ' ~ limit -%}
    case when {{ is_within }} then development_factor else 1E0 end as factor_{{ limit }}d,
    case
        when {{ is_within }}
            then {{ development_relative_variance('development_factor', 'returned_units_before') }}
    end as relative_variance_{{ limit }}d
{%- endmacro -%}


{%- macro growth_to_come(limit) -%}
    {%- set window = limit ~ 'd' -%}
    {%- set later_ages = 'order by age_days desc rows between unbounded preceding and 1 preceding' -%}
    max(age_days) over () >= {{ limit }}
    and count(*) over ({{ later_ages }}) = count(factor_{{ window }}) over ({{ later_ages }})
        as is_known_{{ window }},
    coalesce({{ running_product('factor_' ~ window, later_ages) }}, 1E0) as growth_{{ window }},
    coalesce(sum(relative_variance_{{ window }}) over ({{ later_ages }}), 0E0)
        as variance_{{ window }}
{%- endmacro -%}


{%- macro development_relative_variance(factor, earlier) -%}
    {#- Returns that are still to come are counts, so the growth of `earlier` of them has the variance
        (factor - 1) * earlier, and the factor that of one over `earlier`. -#}
    ({{ factor }} - 1) / ({{ factor }} * {{ factor }} * nullif({{ earlier }}, 0))
{%- endmacro -%}


{%- macro returns_within(limit) -%}
    {#- Known ones, and those by the age up to which the completion of their line is known. -#}
    count(*) filter (where first_returns.days_from_order <= {{ limit }})
        as returned_units_{{ limit }}d,
    count(*) filter (
        where
        first_returns.days_from_order <= least(order_lines.age_days, {{ limit }})
        and order_lines.developed_units_{{ limit }}d is not null
    ) as counted_units_{{ limit }}d
{%- endmacro -%}


{%- macro developed_units(limit) -%}
    {%- set units = 'developed_units_' ~ limit ~ 'd' -%}
    {{ exact_sum(units) }} as {{ units }},
    {{ exact_sum(units ~ ' * completion_' ~ limit ~ 'd_relative_error') }}
        / nullif({{ exact_sum(units) }}, 0) as relative_error_{{ limit }}d
{%- endmacro -%}


{%- macro counted_units(limit) -%}
    {#- More returns than units have developed only happens in a cohort of a few days and units, and
        then proves little: these are as many as came back, and the rate is 1. -#}
    {%- set window = limit ~ 'd' -%}
    {%- set counted = 'coalesce(returned.counted_units_' ~ window ~ ', 0)' -%}
    case
        when ordered.are_returns_known then coalesce(returned.returned_units_{{ window }}, 0)
    end as returned_units_{{ window }},
    case when ordered.are_returns_known then {{ counted }} end as counted_units_{{ window }},
    case
        when ordered.are_returns_known and ordered.developed_units_{{ window }} > 0
            then greatest(ordered.developed_units_{{ window }}, {{ counted }})
    end as trials_{{ window }}
{%- endmacro -%}


{%- macro projected_rate(limit) -%}
    {%- set window = limit ~ 'd' -%}
    {%- set counted = 'counted_units_' ~ window -%}
    {%- set trials = 'trials_' ~ window -%}
    {%- set spread = 'exp(1.959963984540054E0 * relative_error_' ~ window ~ ')' -%}
    returned_units_{{ window }},
    {{ counted }},
    developed_units_{{ window }},
    {{ rate(counted, trials) }} as projected_{{ window }}_return_rate,
    round({{ wilson_low(counted, trials) }} / {{ spread }}, 12)
        as projected_{{ window }}_return_rate_low,
    -- least would make 1 of an unknown bound
    case
        when {{ trials }} is not null
            then least(1E0, round({{ wilson_high(counted, trials) }} * {{ spread }}, 12))
    end as projected_{{ window }}_return_rate_high
{%- endmacro -%}
