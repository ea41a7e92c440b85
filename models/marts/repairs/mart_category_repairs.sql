-- What repairs cost and how long they take, by category of device.
-- Grain: one row per category with an order line.
with products as (
    select * from {{ ref('dim_products') }}
),

order_lines as (
    select
        products.category,
        cast(sum(order_lines.repair_events) as bigint) as repair_events,
        bool_and(order_lines.confirmed_defect_units is not null) as are_defects_known
    from {{ ref('fct_order_lines') }} as order_lines
    inner join products
        on order_lines.product_id = products.product_id
    group by products.category
),

repaired as (
    select
        repairs.*,
        products.category
    from {{ ref('fct_repairs') }} as repairs
    inner join products
        on repairs.product_id = products.product_id
),

repairs as (
    select
        category,
        {{ repair_counts() }},
        count(repair_cost_eur) as costed_repairs,
        cast(sum(repair_cost_eur) as decimal(18, 4)) as repair_cost_eur
    from repaired
    group by category
),

-- a cost needs a price and a price a cost; a unit that was repaired twice was sold once
units as (
    select
        category,
        order_line_id,
        unit_number,
        sale_price_eur,
        sum(repair_cost_eur) as unit_cost_eur
    from repaired
    where repair_cost_eur is not null and sale_price_eur is not null
    group by category, order_line_id, unit_number, sale_price_eur
),

prices as (
    select
        category,
        count(*) as priced_repaired_units,
        count(*) filter (where unit_cost_eur > sale_price_eur) as dearer_than_device_units,
        cast(sum(unit_cost_eur) as decimal(18, 4)) as priced_repair_cost_eur,
        cast(sum(sale_price_eur) as decimal(18, 4)) as repaired_units_price_eur
    from units
    group by category
)

select
    order_lines.category,
    order_lines.repair_events,
    {{ repair_parts('order_lines.repair_events', 'order_lines.are_defects_known') }},
    {% for part in ['costed_repairs', 'priced_repaired_units', 'dearer_than_device_units'] -%}
    case
        when order_lines.repair_events is not null then coalesce({{ part }}, 0)
    end as {{ part }},
    {% endfor -%}
    repairs.repair_cost_eur,
    {{ rate('repairs.repair_cost_eur', 'repairs.costed_repairs') }} as mean_repair_cost_eur,
    prices.priced_repair_cost_eur,
    prices.repaired_units_price_eur,
    {{ rate('prices.priced_repair_cost_eur', 'prices.repaired_units_price_eur') }}
        as repair_cost_ratio,
    {{ rate_with_bounds(
        'prices.dearer_than_device_units', 'prices.priced_repaired_units',
        'dearer_than_device_rate'
    ) }}
from order_lines
left join repairs
    on order_lines.category = repairs.category
left join prices
    on order_lines.category = prices.category
