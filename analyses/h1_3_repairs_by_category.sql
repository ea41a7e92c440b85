-- H1.3 Which repairs have to be done again, what do they cost, and how long do they take?
select
    category,
    finished_repairs,
    followed_up_units,
    round(100 * repeat_repair_rate, 1) as percent_repaired_again,
    round(100 * repeat_repair_same_defect_rate, 1) as percent_for_the_same_defect,
    round(mean_repair_cost_eur, 2) as mean_cost_eur,
    round(mean_turnaround_days, 1) as mean_days,
    round(median_turnaround_days, 1) as median_days,
    round(p90_turnaround_days, 1) as ninth_decile_days
from {{ ref('mart_category_repairs') }}
where finished_repairs > 0
order by finished_repairs desc, category asc
