-- Every euro of a repair, of a refund of a return, and of a parcel that no repair pays for is in
-- the budget once, to the cent; and defective units and their prices are those of returns.
with mart as (
    select
        coalesce(sum(defect_units), 0) as defect_units,
        coalesce(sum(defect_revenue_eur), 0) as defect_revenue_eur,
        coalesce(sum(service_budget_eur), 0) as service_budget_eur,
        coalesce(sum(defect_revenue_eur - repair_budget_impact_eur), 0) as repair_cost_eur,
        coalesce(sum(
            coalesce(defect_revenue_eur - net_after_all_eur, 0) + coalesce(unpriced_cost_eur, 0)
            + coalesce(other_repair_cost_eur, 0) + coalesce(other_return_freight_eur, 0)
            + coalesce(other_refund_eur, 0)
        ), 0) as parts_eur
    from {{ ref('mart_budget_impact') }}
),

units as (
    select
        coalesce(sum(repair_cost_eur), 0) as repair_cost_eur,
        coalesce(sum(return_freight_eur), 0) as return_freight_eur,
        coalesce(sum(parcels_in_repair_eur), 0) as parcels_in_repair_eur,
        coalesce(sum(refund_eur), 0) as refund_eur,
        bool_or(repair_cost_eur + return_freight_eur + refund_eur is null) as is_incomplete,
        bool_or(is_defect_unit is null) as is_undiagnosed
    from {{ ref('mart_unit_costs') }}
),

repairs as (
    select coalesce(sum(repair_cost_eur), 0) as repair_cost_eur
    from {{ ref('fct_repairs') }}
),

parcels as (
    select
        coalesce(sum(cost_eur), 0) as cost_eur,
        coalesce(sum(cost_eur) filter (where return_line_id not in (
            select repaired.return_line_id
            from {{ ref('fct_repairs') }} as repaired
            where repaired.repair_cost_eur is not null
        )), 0) as unpaid_cost_eur
    from {{ ref('fct_shipments') }}
    where leg in ('to_service', 'back_to_customer')
),

refunds as (
    select coalesce(sum(amount_eur), 0) as refund_eur
    from {{ ref('fct_refunds') }}
    where return_line_id is not null
),

defective as (
    select
        order_line_id,
        unit_number
    from {{ ref('fct_returns') }}
    group by order_line_id, unit_number
    having bool_or(has_confirmed_defect) or bool_or(is_defect_return and not has_confirmed_defect)
),

prices as (
    select
        count(*) as defect_units,
        coalesce(sum(order_lines.unit_price_eur), 0) as defect_revenue_eur
    from defective
    inner join {{ ref('fct_order_lines') }} as order_lines
        on defective.order_line_id = order_lines.order_line_id
)

select
    mart.*,
    units.*
from mart
cross join units
cross join repairs
cross join parcels
cross join refunds
cross join prices
where
    units.repair_cost_eur <> repairs.repair_cost_eur
    or units.return_freight_eur <> parcels.unpaid_cost_eur
    or units.return_freight_eur + units.parcels_in_repair_eur <> parcels.cost_eur
    or units.refund_eur <> refunds.refund_eur
    or mart.defect_units <> prices.defect_units
    or mart.defect_revenue_eur <> prices.defect_revenue_eur
    or mart.repair_cost_eur > repairs.repair_cost_eur
    or (
        not units.is_incomplete
        and mart.service_budget_eur
        <> repairs.repair_cost_eur + parcels.unpaid_cost_eur + refunds.refund_eur
    )
    or (
        not units.is_incomplete and not units.is_undiagnosed
        and mart.service_budget_eur <> mart.parts_eur
    )
