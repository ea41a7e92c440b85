-- What repairs cost and how long they take, by category of device.
-- Grain: one row per category with an order line.
with products as (
    select * from {{ ref('dim_products') }}
),

order_lines as (
    select
        products.category,
        cast(sum(order_lines.repair_events) as bigint) as repair_events
    from {{ ref('fct_order_lines') }} as order_lines
    inner join products
        on order_lines.product_id = products.product_id
    group by products.category
),

repaired as (
    select
        repairs.*,
        products.category,
        -- for the ratio a cost needs a price and a price a cost
        case
            when repairs.sale_price_eur is not null then repairs.repair_cost_eur
        end as priced_repair_cost_eur,
        -- a unit repaired twice was sold once
        case
            when repairs.repair_cost_eur is not null and row_number() over (
                partition by
                    repairs.order_line_id, repairs.unit_number, repairs.repair_cost_eur is null
                order by repairs.repair_number
            ) = 1 then repairs.sale_price_eur
        end as unit_sale_price_eur
    from {{ ref('fct_repairs') }} as repairs
    inner join products
        on repairs.product_id = products.product_id
),

repairs as (
    select
        category,
        {{ repair_counts() }},
        count(repair_cost_eur) as costed_repairs,
        cast(sum(repair_cost_eur) as decimal(18, 4)) as repair_cost_eur,
        cast(sum(priced_repair_cost_eur) as decimal(18, 4)) as priced_repair_cost_eur,
        cast(sum(unit_sale_price_eur) as decimal(18, 4)) as repaired_units_price_eur
    from repaired
    group by category
)

select
    order_lines.category,
    order_lines.repair_events,
    {{ repair_parts('order_lines.repair_events') }},
    {{ rate('repairs.repeat_repaired_units', 'repairs.followed_up_units') }} as repeat_repair_rate,
    case
        when order_lines.repair_events is not null then coalesce(repairs.costed_repairs, 0)
    end as costed_repairs,
    repairs.repair_cost_eur,
    {{ rate('repairs.repair_cost_eur', 'repairs.costed_repairs') }} as mean_repair_cost_eur,
    repairs.priced_repair_cost_eur,
    repairs.repaired_units_price_eur,
    {{ rate('repairs.priced_repair_cost_eur', 'repairs.repaired_units_price_eur') }}
        as repair_cost_ratio
from order_lines
left join repairs
    on order_lines.category = repairs.category
