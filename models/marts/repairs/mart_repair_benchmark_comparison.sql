-- A supplier's repairs beside the public record of the same category.
-- Grain: one row per (supplier_id, category) with an order line.
with products as (
    select * from {{ ref('dim_products') }}
),

order_lines as (
    select
        order_lines.supplier_id,
        products.category,
        cast(sum(order_lines.repair_events) as bigint) as repair_events
    from {{ ref('fct_order_lines') }} as order_lines
    inner join products
        on order_lines.product_id = products.product_id
    group by order_lines.supplier_id, products.category
),

repairs as (
    select
        repairs.supplier_id,
        products.category,
        -- where no fault was found there was nothing to fix
        count(*) filter (where repairs.outcome in ('fixed', 'not_fixed')) as attempted_repairs,
        count(*) filter (where repairs.outcome = 'fixed') as own_fixed_repairs,
        count(*) filter (where repairs.outcome = 'no_fault_found') as no_fault_found_repairs
    from {{ ref('fct_repairs') }} as repairs
    inner join products
        on repairs.product_id = products.product_id
    group by repairs.supplier_id, products.category
),

benchmark as (
    select
        category,
        cast(sum(known_outcomes) as bigint) as public_outcomes,
        cast(sum(fixed_repairs) as bigint) as public_fixed_repairs
    from {{ ref('mart_repairability_benchmark') }}
    group by category
),

compared as (
    select
        order_lines.supplier_id,
        order_lines.category,
        order_lines.repair_events,
        {%- for part in ['attempted_repairs', 'own_fixed_repairs', 'no_fault_found_repairs'] %}
        case
            when order_lines.repair_events is not null then coalesce(repairs.{{ part }}, 0)
        end as {{ part }},
        {%- endfor %}
        benchmark.public_outcomes,
        benchmark.public_fixed_repairs
    from order_lines
    left join repairs
        on
            order_lines.supplier_id = repairs.supplier_id
            and order_lines.category = repairs.category
    left join benchmark
        on order_lines.category = benchmark.category
)

select
    supplier_id,
    category,
    repair_events,
    attempted_repairs,
    own_fixed_repairs,
    no_fault_found_repairs,
    {{ rate_with_bounds('own_fixed_repairs', 'attempted_repairs', 'own_fixed_rate') }},
    public_outcomes,
    public_fixed_repairs,
    {{ rate_with_bounds('public_fixed_repairs', 'public_outcomes', 'public_fixed_rate') }},
    {{ rate('own_fixed_repairs', 'attempted_repairs') }}
    - {{ rate('public_fixed_repairs', 'public_outcomes') }} as fixed_rate_difference,
    {{ newcombe_low(
        'own_fixed_repairs', 'attempted_repairs', 'public_fixed_repairs', 'public_outcomes'
    ) }} as fixed_rate_difference_low,
    {{ newcombe_high(
        'own_fixed_repairs', 'attempted_repairs', 'public_fixed_repairs', 'public_outcomes'
    ) }} as fixed_rate_difference_high
from compared
