-- Benchmark and labelled faults add up to the staged repairs, status by status.
{% set statuses = {
    'fixed_repairs': 'fixed', 'repairable_repairs': 'repairable',
    'end_of_life_repairs': 'end_of_life', 'unknown_outcomes': 'unknown',
} %}
with staged as (
    select
        count(*) filter (where collection = 'repairs') as recorded_repairs,
        {% for part, status in statuses.items() -%}
        count(*) filter (where collection = 'repairs' and repair_status = '{{ status }}')
            as {{ part }},
        {% endfor -%}
        coalesce(sum(case when collection = 'repairs' then product_age_years end), 0)
            as product_age_years_sum,
        count(fault_type) as labelled_repairs,
        count(*) filter (where fault_type is not null and repair_status = 'fixed')
            as labelled_fixed_repairs,
        count(*) filter (where fault_type is not null and repair_status <> 'unknown')
            as labelled_outcomes
    from {{ ref('stg_open_repair__open_repairs') }}
),

benchmark as (
    select
        coalesce(sum(recorded_repairs), 0) as recorded_repairs,
        {% for part in statuses -%}
        coalesce(sum({{ part }}), 0) as {{ part }},
        {% endfor -%}
        coalesce(sum(known_outcomes), 0) as known_outcomes,
        coalesce(sum(product_age_years_sum), 0) as product_age_years_sum
    from {{ ref('mart_repairability_benchmark') }}
),

faults as (
    select
        coalesce(sum(labelled_repairs), 0) as labelled_repairs,
        coalesce(sum(labelled_outcomes), 0) as labelled_outcomes,
        coalesce(sum(labelled_fixed_repairs), 0) as labelled_fixed_repairs
    from {{ ref('mart_repairability_faults') }}
)

select
    staged.recorded_repairs as staged_repairs,
    staged.labelled_repairs as staged_labels,
    benchmark.*
from staged
cross join benchmark
cross join faults
where
    {% for part in ['recorded_repairs', 'product_age_years_sum'] + statuses.keys() | list -%}
    benchmark.{{ part }} <> staged.{{ part }}
    or {% endfor -%}
    benchmark.known_outcomes <> staged.recorded_repairs - staged.unknown_outcomes
    or faults.labelled_repairs <> staged.labelled_repairs
    or faults.labelled_outcomes <> staged.labelled_outcomes
    or faults.labelled_fixed_repairs <> staged.labelled_fixed_repairs
