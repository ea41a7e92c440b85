-- H1.3 Do repairs take longer, cost more and fail more often for some types of product?
with tested as (
    select
        max(case when test_id = 'h1_3_category_repeat_repair' then verdict_en end) as failing_again,
        max(case when test_id = 'h1_3_category_repair_cost' then verdict_en end) as by_cost,
        max(case when test_id = 'h1_3_category_turnaround' then verdict_en end) as by_time
    from {{ ref('mart_hypothesis_tests') }}
),

shares as (
    select * from {{ ref('mart_hypothesis_shares') }}
    where sample_id = 'category_repeat_repair'
),

repairs as (
    select * from {{ ref('mart_category_repairs') }}
)

select
    repairs.category,
    repairs.finished_repairs,
    round(repairs.median_turnaround_days, 1) as median_days,
    round(repairs.mean_repair_cost_eur, 2) as mean_cost_eur,
    shares.trials as followed_units,
    round(100 * shares.success_share, 1) as percent_repaired_again,
    tested.by_time as does_time_depend_on_the_type,
    tested.by_cost as does_cost_depend_on_the_type,
    tested.failing_again as do_second_repairs_depend_on_the_type
from repairs
left join shares
    on repairs.category = shares.group_name
cross join tested
order by repairs.finished_repairs desc, repairs.category asc
