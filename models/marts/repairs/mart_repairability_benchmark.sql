-- How well volunteers repair what people bring them, by category and brand: the public record.
-- Grain: one row per (category, brand) with a repair in it.
with repairs as (
    select
        *,
        coalesce(brand, 'unknown') as known_brand
    from {{ ref('fct_benchmark_repairs') }}
    where is_in_benchmark
),

counts as (
    select
        category,
        known_brand as brand,
        bool_or(is_in_catalogue) as is_in_catalogue,
        count(*) as recorded_repairs,
        count(*) filter (where is_outcome_known) as known_outcomes,
        count(*) filter (where repair_status = 'fixed') as fixed_repairs,
        count(*) filter (where repair_status = 'repairable') as repairable_repairs,
        count(*) filter (where repair_status = 'end_of_life') as end_of_life_repairs,
        count(*) filter (where not is_outcome_known) as unknown_outcomes,
        count(product_age_years) as aged_products,
        cast(sum(product_age_years) as decimal(18, 4)) as product_age_years_sum,
        percentile_cont(0.5E0) within group (order by cast(product_age_years as double))
            as median_product_age_years
    from repairs
    group by category, known_brand
)

select
    category,
    brand,
    recorded_repairs,
    known_outcomes,
    fixed_repairs,
    repairable_repairs,
    end_of_life_repairs,
    unknown_outcomes,
    {{ rate_with_bounds('fixed_repairs', 'known_outcomes', 'fixed_rate') }},
    {{ rate_with_bounds('end_of_life_repairs', 'known_outcomes', 'end_of_life_rate') }},
    aged_products,
    product_age_years_sum,
    {{ rate('product_age_years_sum', 'aged_products') }} as mean_product_age_years,
    median_product_age_years,
    is_in_catalogue
from counts
