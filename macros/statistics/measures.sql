{#- Measures that several marts share. A definition stands once, so that two marts cannot differ. -#}


{%- macro rate(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif({{ denominator }}, 0)
{%- endmacro -%}


{%- macro rate_with_bounds(numerator, denominator, name) -%}
    {{ rate(numerator, denominator) }} as {{ name }},
    {{ wilson_low(numerator, denominator) }} as {{ name }}_low,
    {{ wilson_high(numerator, denominator) }} as {{ name }}_high
{%- endmacro -%}


{%- macro unit_counts() -%}
    {#- A sum over lines whose extract is absent is null: the additive parts say so themselves. -#}
    {%- for measure in [
        'ordered_units', 'delivered_units', 'returned_units', 'return_events',
        'defect_returned_units', 'confirmed_defect_units', 'transit_damaged_units'
    ] -%}
    cast(sum({{ measure }}) as bigint) as {{ measure }}
    {{- ',' if not loop.last }}
    {% endfor -%}
{%- endmacro -%}


{%- macro defect_rates() -%}
    {{ rate_with_bounds('returned_units', 'ordered_units', 'return_rate') }},
    {{ rate_with_bounds('defect_returned_units', 'ordered_units', 'defect_return_rate') }},
    {{ rate_with_bounds('confirmed_defect_units', 'ordered_units', 'confirmed_defect_rate') }},
    {{ rate_with_bounds('transit_damaged_units', 'ordered_units', 'transit_damage_rate') }}
{%- endmacro -%}


{%- macro rating_phases() -%}
    {{ return(['no_return', 'pre_return', 'post_return']) }}
{%- endmacro -%}


{%- macro rating_counts() -%}
    count(*) as rating_count,
    cast(sum(score) as bigint) as rating_sum,
    count(*) filter (where is_satisfied) as csat_count,
    {%- for phase in rating_phases() %}
    count(*) filter (where rating_phase = '{{ phase }}') as {{ phase }}_rating_count,
    cast(sum(case when rating_phase = '{{ phase }}' then score end) as bigint)
        as {{ phase }}_rating_sum,
    count(*) filter (where is_satisfied and rating_phase = '{{ phase }}') as {{ phase }}_csat_count
    {{- ',' if not loop.last }}
    {%- endfor -%}
{%- endmacro -%}


{%- macro rated_line_counts() -%}
    {#- Lines, not units: a customer rates a line. -#}
    cast(sum(case when is_rated then 1 when not is_rated then 0 end) as bigint) as rated_lines,
    cast(sum(case when delivered_units > 0 then 1 when delivered_units = 0 then 0 end) as bigint)
        as delivered_lines,
    cast(sum(case
        when is_rated and delivered_units > 0 then 1
        when is_rated is not null and delivered_units is not null then 0
    end) as bigint) as rated_delivered_lines,
    bool_and(returned_units is not null) as are_returns_known
{%- endmacro -%}


{%- macro satisfaction_measures() -%}
    {#- Without an extract of ratings nothing is known, and without one of returns no phase is. -#}
    order_lines.rated_lines,
    order_lines.delivered_lines,
    order_lines.rated_delivered_lines,
    {{ rate('order_lines.rated_delivered_lines', 'order_lines.delivered_lines') }} as response_rate,
    {%- for prefix in [''] + rating_phases() %}
    {%- set phase = prefix ~ '_' if prefix else '' %}
    {%- for part in ['rating_count', 'rating_sum', 'csat_count'] %}
    case
        when order_lines.rated_lines is not null{{ ' and order_lines.are_returns_known' if phase }}
            then coalesce(ratings.{{ phase }}{{ part }}, 0)
    end as {{ phase }}{{ part }},
    {%- endfor %}
    {{ rate('ratings.' ~ phase ~ 'rating_sum', 'ratings.' ~ phase ~ 'rating_count') }}
        as {{ phase }}avg_rating,
    {{ rate_with_bounds(
        'ratings.' ~ phase ~ 'csat_count', 'ratings.' ~ phase ~ 'rating_count', phase ~ 'csat_rate'
    ) }}
    {{- ',' if not loop.last }}
    {%- endfor -%}
{%- endmacro -%}


{%- macro repair_counts() -%}
    {#- Per event for the turnaround, per unit for the repeat rate: the prefix says which. -#}
    count(*) as repair_events,
    count(*) filter (where is_finished) as finished_repairs,
    count(*) filter (where not is_finished) as open_repairs,
    count(distinct case
        when is_finished then concat_ws('|', order_line_id, cast(unit_number as string))
    end) as repaired_units,
    count(*) filter (where is_followed_up) as followed_up_units,
    count(*) filter (where is_repeat_repaired) as repeat_repaired_units,
    case
        when bool_and(is_defective_again is not null)
            then count(*) filter (where is_repeat_repaired_same_defect)
    end as repeat_repaired_same_defect_units,
    case
        when bool_and(is_defective_again is not null) then count(distinct case
            when is_defective_again then concat_ws('|', order_line_id, cast(unit_number as string))
        end)
    end as again_defective_units,
    case
        when bool_and(is_defective_again is not null)
            then count(*) filter (where is_defective_again_in_window)
    end as again_defective_followed_up_units,
    {{ sum_of_days('turnaround_days') }} as turnaround_days_sum,
    {{ sum_of_days('turnaround_days') }} / count(turnaround_days) as mean_turnaround_days,
    {{ median_and_p90('turnaround_days') }}
{%- endmacro -%}


{%- macro sum_of_days(days) -%}
    {#- A sum of doubles ends in digits that depend on which thread adds first. Whole microseconds,
        which is what a difference of two times is, add up to the same in any order. -#}
    sum(cast(round({{ days }} * 86400E6) as bigint)) / 86400E6
{%- endmacro -%}


{%- macro repair_parts(known_when, defects_known_when) -%}
    {#- Counts are 0 without a repair, and null without an extract of repairs, or of defects where a
        diagnosis tells. -#}
    {%- for part in [
        'finished_repairs', 'open_repairs', 'repaired_units', 'followed_up_units',
        'repeat_repaired_units'
    ] %}
    case
        when {{ known_when }} is not null then coalesce(repairs.{{ part }}, 0)
    end as {{ part }},
    {%- endfor %}
    {%- for part in [
        'repeat_repaired_same_defect_units', 'again_defective_units',
        'again_defective_followed_up_units'
    ] %}
    case
        when {{ known_when }} is not null and {{ defects_known_when }}
            then coalesce(repairs.{{ part }}, 0)
    end as {{ part }},
    {%- endfor %}
    repairs.turnaround_days_sum,
    repairs.mean_turnaround_days,
    repairs.median_turnaround_days,
    repairs.p90_turnaround_days,
    {{ rate('repairs.repeat_repaired_units', 'repairs.followed_up_units') }} as repeat_repair_rate,
    {{ rate_with_bounds(
        'repairs.repeat_repaired_same_defect_units', 'repairs.followed_up_units',
        'repeat_repair_same_defect_rate'
    ) }},
    {{ rate_with_bounds(
        'repairs.again_defective_followed_up_units', 'repairs.followed_up_units',
        'again_defective_rate'
    ) }}
{%- endmacro -%}


{%- macro difference_with_bounds(x1, n1, x2, n2, name) -%}
    {{ rate(x1, n1) }} - {{ rate(x2, n2) }} as {{ name }},
    {{ newcombe_low(x1, n1, x2, n2) }} as {{ name }}_low,
    {{ newcombe_high(x1, n1, x2, n2) }} as {{ name }}_high
{%- endmacro -%}


{%- macro transit_band(transit_days) -%}
    {#- The letter sorts the bands. -#}
    case
        when {{ transit_days }} <= 1 then 'a: up to 1 day'
        when {{ transit_days }} <= 2 then 'b: over 1 to 2 days'
        when {{ transit_days }} <= 3 then 'c: over 2 to 3 days'
        when {{ transit_days }} <= 5 then 'd: over 3 to 5 days'
        when {{ transit_days }} <= 8 then 'e: over 5 to 8 days'
        when {{ transit_days }} > 8 then 'f: over 8 days'
        else 'g: not delivered'
    end
{%- endmacro -%}


{%- macro ratio_with_byar_bounds(observed, expected, name) -%}
    {{ rate(observed, expected) }} as {{ name }},
    {{ byar_low(observed, expected) }} as {{ name }}_low,
    {{ byar_high(observed, expected) }} as {{ name }}_high
{%- endmacro -%}


{%- macro funnel_quantiles() -%}
    {#- Normal quantiles of 97.5 % and 99.9 %, by the two-sided level in the names of columns. -#}
    {{ return({'95': '1.959963984540054E0', '998': '3.090232306167813E0'}) }}
{%- endmacro -%}


{%- macro deltas(value, previous, unit, name) -%}
    {#- Rates differ in points, what is no rate absolutely: two columns, so that nobody adds them up. A
        mean gap in grades has either sign, and nothing is a per cent of it. -#}
    case when {{ unit }} = 'rate' then {{ value }} - {{ previous }} end as {{ name }}_delta_points,
    case when {{ unit }} <> 'rate' then {{ value }} - {{ previous }} end as {{ name }}_delta_abs,
    case
        when {{ unit }} <> 'grades' then ({{ value }} - {{ previous }}) / nullif({{ previous }}, 0)
    end as {{ name }}_delta_rel
{%- endmacro -%}
