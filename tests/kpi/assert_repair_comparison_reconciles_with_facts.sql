-- Own repairs of the comparison are those of the fact, and each category's public part is its share
-- of the public record; a difference lies between its bounds, and is null with either rate.
with own as (
    select
        coalesce(sum(case when outcome <> 'no_fault_found' then 1 end), 0) as attempted_repairs,
        coalesce(sum(case when outcome = 'fixed' then 1 end), 0) as own_fixed_repairs,
        coalesce(sum(case when outcome = 'no_fault_found' then 1 end), 0) as no_fault_found_repairs
    from {{ ref('fct_repairs') }}
),

compared as (
    select
        coalesce(sum(attempted_repairs), 0) as attempted_repairs,
        coalesce(sum(own_fixed_repairs), 0) as own_fixed_repairs,
        coalesce(sum(no_fault_found_repairs), 0) as no_fault_found_repairs
    from {{ ref('mart_repair_benchmark_comparison') }}
),

public_parts as (
    select
        category,
        sum(case when repair_status <> 'unknown' then 1 else 0 end) as public_outcomes,
        sum(case when repair_status = 'fixed' then 1 else 0 end) as public_fixed_repairs
    from {{ ref('fct_benchmark_repairs') }}
    where collection = 'repairs'
    group by category
)

select
    'all categories' as category,
    compared.attempted_repairs as found_repairs,
    own.attempted_repairs as expected_repairs
from own
cross join compared
where
    compared.attempted_repairs <> own.attempted_repairs
    or compared.own_fixed_repairs <> own.own_fixed_repairs
    or compared.no_fault_found_repairs <> own.no_fault_found_repairs

union all

select
    comparison.category,
    comparison.public_outcomes as found_repairs,
    public_parts.public_outcomes as expected_repairs
from {{ ref('mart_repair_benchmark_comparison') }} as comparison
left join public_parts
    on comparison.category = public_parts.category
where
    comparison.public_outcomes is distinct from public_parts.public_outcomes
    or comparison.public_fixed_repairs is distinct from public_parts.public_fixed_repairs
    or comparison.fixed_rate_difference
    is distinct from comparison.own_fixed_rate - comparison.public_fixed_rate
    or (comparison.fixed_rate_difference is null)
    <> (comparison.fixed_rate_difference_low is null)
    or comparison.fixed_rate_difference_low > comparison.fixed_rate_difference + 1E-12
    or comparison.fixed_rate_difference_high < comparison.fixed_rate_difference - 1E-12
