{%- macro business_seconds_before(local_at, day) -%}
    {#- Open seconds from the start of the calendar to a moment of the wall clock: the whole business
        days before its day, and what has passed of its own opening hours. Seconds, because hours such
        as 10:20 are no exact numbers, and a target must hold at its very end. -#}
    {%- set starts = (var('business_day_starts_hour') * 3600) | int -%}
    {%- set lasts = (var('business_day_ends_hour') * 3600) | int - starts -%}
    {{ day }}.business_days_before * {{ lasts }}
    + case
        when {{ day }}.is_business_day
            then least(greatest(
                {{ elapsed_seconds('cast(' ~ day ~ '.date_day as timestamp)', local_at) }} - {{ starts }}, 0
            ), {{ lasts }})
        else 0
    end
{%- endmacro -%}
