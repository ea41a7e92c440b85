-- Both repair marts add up to the fact, and open and finished repairs to all of them.
{% set measures = [
    'repair_events', 'finished_repairs', 'open_repairs', 'repaired_units', 'followed_up_units',
    'repeat_repaired_units', 'repeat_repaired_same_defect_units', 'again_defective_units',
    'again_defective_followed_up_units',
] %}
with fact as (
    select
        count(*) as repair_events,
        count(returned_to_customer_at) as finished_repairs,
        count(*) filter (where returned_to_customer_at is null) as open_repairs,
        count(distinct case
            when returned_to_customer_at is not null
                then concat_ws('|', order_line_id, cast(unit_number as string))
        end) as repaired_units,
        count(*) filter (where is_followed_up) as followed_up_units,
        count(*) filter (where is_repeat_repaired) as repeat_repaired_units,
        count(*) filter (where is_repeat_repaired_same_defect) as repeat_repaired_same_defect_units,
        count(distinct case
            when is_defective_again then concat_ws('|', order_line_id, cast(unit_number as string))
        end) as again_defective_units,
        count(*) filter (where is_defective_again_in_window) as again_defective_followed_up_units,
        coalesce(sum(turnaround_days), 0) as turnaround_days_sum
    from {{ ref('fct_repairs') }}
),

marts as (
    {% for model in ['mart_repair_efficiency', 'mart_category_repairs'] %}
    select
        '{{ model }}' as model_name,
        {% for measure in measures -%}
        coalesce(sum({{ measure }}), 0) as {{ measure }},
        {% endfor -%}
        coalesce(sum(turnaround_days_sum), 0) as turnaround_days_sum
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select marts.*
from marts
cross join fact
where
    {% for measure in measures -%}
    marts.{{ measure }} is distinct from fact.{{ measure }}
    or {% endfor -%}
    abs(marts.turnaround_days_sum - fact.turnaround_days_sum)
    > 1E-6 * (1 + fact.turnaround_days_sum)
    or marts.repair_events <> marts.open_repairs + marts.finished_repairs
