-- What became of units with a confirmed defect, and what they cost: repaired, replaced, refunded,
-- refused, sent back as they were, or not settled yet.
-- Grain: one row per (category, supplier_id) with an order line.
{% set outcomes = ['repaired', 'replaced', 'refunded', 'refused', 'sent_back', 'pending'] -%}
with products as (
    select * from {{ ref('dim_products') }}
),

order_lines as (
    select
        products.category,
        order_lines.supplier_id,
        cast(sum(order_lines.ordered_units) as bigint) as ordered_units,
        cast(sum(order_lines.confirmed_defect_units) as bigint) as confirmed_defect_units,
        cast(sum(case
            when order_lines.unit_price_eur is not null then order_lines.ordered_units else 0
        end) as bigint) as priced_ordered_units,
        sum(order_lines.ordered_units * order_lines.unit_price_eur) as sales_eur
    from {{ ref('fct_order_lines') }} as order_lines
    inner join products
        on order_lines.product_id = products.product_id
    group by products.category, order_lines.supplier_id
),

unit_costs as (
    select
        *,
        repair_cost_eur + return_freight_eur + refund_eur as total_cost_eur
    from {{ ref('mart_unit_costs') }}
),

units as (
    select
        products.category,
        units.supplier_id,
        {% for outcome in outcomes -%}
        count(*) filter (where units.unit_outcome = '{{ outcome }}') as {{ outcome }}_defect_units,
        {% endfor -%}
        count(*) filter (where units.is_cost_complete) as costed_defect_units,
        sum(units.total_cost_eur) as failure_cost_eur,
        sum(case when units.is_cost_complete then units.total_cost_eur end)
            as costed_failure_cost_eur
    from unit_costs as units
    inner join products
        on units.product_id = products.product_id
    where units.has_confirmed_defect
    group by products.category, units.supplier_id
),

counted as (
    select
        order_lines.category,
        order_lines.supplier_id,
        order_lines.ordered_units,
        order_lines.priced_ordered_units,
        order_lines.confirmed_defect_units,
        {% for outcome in outcomes -%}
        case
            when order_lines.confirmed_defect_units is not null
                then coalesce(units.{{ outcome }}_defect_units, 0)
        end as {{ outcome }}_defect_units,
        {% endfor -%}
        order_lines.confirmed_defect_units - coalesce(units.pending_defect_units, 0)
            as settled_defect_units,
        cast(order_lines.sales_eur as decimal(18, 4)) as sales_eur,
        case
            when order_lines.confirmed_defect_units is not null
                then coalesce(units.costed_defect_units, 0)
        end as costed_defect_units,
        cast(units.failure_cost_eur as decimal(18, 4)) as failure_cost_eur,
        cast(units.costed_failure_cost_eur as decimal(18, 4)) as costed_failure_cost_eur
    from order_lines
    left join units
        on
            order_lines.category = units.category
            and order_lines.supplier_id = units.supplier_id
)

select
    *,
    {{ rate('costed_failure_cost_eur', 'costed_defect_units') }} as mean_failure_cost_eur,
    {{ rate_with_bounds('confirmed_defect_units', 'ordered_units', 'confirmed_defect_rate') }},
    {{ rate_with_bounds(
        'repaired_defect_units', 'confirmed_defect_units', 'repair_coverage_rate'
    ) }},
    {{ rate_with_bounds(
        'repaired_defect_units', 'settled_defect_units', 'settled_repair_coverage_rate'
    ) }}
from counted
