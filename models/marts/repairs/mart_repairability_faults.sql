-- Which faults people labelled in phones, laptops and tablets, and how often those were fixed.
-- Grain: one row per (category, fault_type) with a labelled repair.
with labelled as (
    select * from {{ ref('fct_benchmark_repairs') }}
    where fault_type is not null
),

counts as (
    select
        category,
        fault_type,
        count(*) as labelled_repairs,
        count(*) filter (where is_outcome_known) as labelled_outcomes,
        count(*) filter (where repair_status = 'fixed') as labelled_fixed_repairs
    from labelled
    group by category, fault_type
)

select
    category,
    fault_type,
    labelled_repairs,
    labelled_outcomes,
    labelled_fixed_repairs,
    cast(labelled_repairs as double) / sum(labelled_repairs) over (partition by category)
        as share_of_faults,
    {{ rate_with_bounds('labelled_fixed_repairs', 'labelled_outcomes', 'fault_fixed_rate') }}
from counts
