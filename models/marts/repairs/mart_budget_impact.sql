-- What defective units would have brought in, and what their repairs, parcels and refunds leave of
-- it; the cost of all other returns beside it.
-- Grain: one row per (supplier_id, order_month) with an order line.
with order_lines as (
    select
        supplier_id,
        order_month,
        bool_and(returned_units is not null) as are_returns_known,
        bool_and(confirmed_defect_units is not null) as are_defects_known
    from {{ ref('fct_order_lines') }}
    group by supplier_id, order_month
),

-- without a price nothing can be set against a cost
units as (
    select
        *,
        is_defect_unit and sale_price_eur is not null as is_priced_defect_unit,
        repair_cost_eur + return_freight_eur + refund_eur as total_cost_eur
    from {{ ref('mart_unit_costs') }}
),

costs as (
    select
        supplier_id,
        order_month,
        count(*) filter (where is_defect_unit) as defect_units,
        count(*) filter (where is_defect_unit and sale_price_eur is null) as unpriced_units,
        count(*) filter (where is_defect_unit and unit_outcome = 'replaced')
            as uncosted_replacements,
        cast(sum(unknown_amounts) as bigint) as unknown_amounts,
        sum(case when is_priced_defect_unit then sale_price_eur end) as defect_revenue_eur,
        {% for amount in ['repair_cost_eur', 'return_freight_eur', 'refund_eur'] -%}
        sum(case when is_priced_defect_unit then {{ amount }} end) as {{ amount }},
        sum(case when not is_defect_unit then {{ amount }} end) as other_{{ amount }},
        {% endfor -%}
        sum(case
            when is_defect_unit and sale_price_eur is null then total_cost_eur
        end) as unpriced_cost_eur,
        sum(total_cost_eur) as service_budget_eur
    from units
    group by supplier_id, order_month
),

months as (
    select * from {{ ref('dim_dates') }}
    where date_day = month_start_date
)

select
    -- keys
    order_lines.supplier_id,
    order_lines.order_month,

    -- measures
    {% for part in ['defect_units', 'unpriced_units', 'uncosted_replacements'] -%}
    case when order_lines.are_defects_known then coalesce(costs.{{ part }}, 0) end as {{ part }},
    {% endfor -%}
    case
        when order_lines.are_returns_known then coalesce(costs.unknown_amounts, 0)
    end as unknown_amounts,
    {% for amount, expression in [
        ('defect_revenue_eur', 'defect_revenue_eur'),
        ('repair_cost_eur', 'repair_cost_eur'),
        ('return_freight_eur', 'return_freight_eur'),
        ('refund_eur', 'refund_eur'),
        ('repair_budget_impact_eur', 'defect_revenue_eur - costs.repair_cost_eur'),
        ('net_after_all_eur', 'defect_revenue_eur - costs.repair_cost_eur'
            ~ ' - costs.return_freight_eur - costs.refund_eur'),
        ('unpriced_cost_eur', 'unpriced_cost_eur'),
        ('other_repair_cost_eur', 'other_repair_cost_eur'),
        ('other_return_freight_eur', 'other_return_freight_eur'),
        ('other_refund_eur', 'other_refund_eur'),
        ('service_budget_eur', 'service_budget_eur'),
    ] -%}
    cast(costs.{{ expression }} as decimal(18, 4)) as {{ amount }},
    {% endfor -%}
    {{ rate('costs.repair_cost_eur', 'costs.defect_revenue_eur') }} as repair_budget_ratio,

    -- booleans
    months.is_mature_365d,

    -- times
    months.as_of_date
from order_lines
left join months
    on order_lines.order_month = months.date_day
left join costs
    on
        order_lines.supplier_id = costs.supplier_id
        and order_lines.order_month = costs.order_month
