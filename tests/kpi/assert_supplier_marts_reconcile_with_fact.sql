-- Quarters, delivery, mix adjustment, shrunk rate and scorecard of a supplier count the same units
-- and lines as the fact; what is expected of all suppliers is what was observed; and each has one
-- verdict.
with fact as (
    select
        order_lines.supplier_id,
        sum(order_lines.ordered_units) as ordered_units,
        count(*) filter (where order_lines.ordered_units > 0) as shipped_lines,
        count(*) filter (where order_lines.delivered_units > 0) as delivered_lines,
        coalesce(sum(case when months.is_mature_30d then order_lines.ordered_units end), 0)
            as mature_units,
        sum(case when months.is_mature_30d then order_lines.defect_returned_units end)
            as mature_defect_units,
        coalesce(sum(case when months.is_mature_365d then order_lines.ordered_units end), 0)
            as year_old_units,
        sum(case when months.is_mature_365d then order_lines.defect_returned_units end)
            as year_old_defect_units
    from {{ ref('fct_order_lines') }} as order_lines
    left join {{ ref('dim_dates') }} as months
        on order_lines.order_month = months.date_day
    group by order_lines.supplier_id
    having sum(order_lines.ordered_units) > 0
),

quarters as (
    select
        supplier_id,
        sum(ordered_units) as ordered_units,
        sum(returned_units_30d) as returned_units,
        sum(defect_returned_units_30d) as defect_returned_units
    from {{ ref('mart_supplier_quarters') }}
    group by supplier_id
),

early_returns as (
    select
        supplier_id,
        count(distinct concat_ws('|', order_line_id, cast(unit_number as string)))
            as returned_units,
        count(distinct case
            when is_defect_return then concat_ws('|', order_line_id, cast(unit_number as string))
        end) as defect_returned_units
    from {{ ref('fct_returns') }}
    where days_from_order <= 30
    group by supplier_id
),

expected as (
    select
        sum(expected_defect_units) as expected_defect_units,
        sum(defect_returned_units) as defect_returned_units
    from {{ ref('mart_supplier_mix_adjusted') }}
)

select
    fact.supplier_id,
    scorecard.verdict
from fact
cross join expected
left join quarters
    on fact.supplier_id = quarters.supplier_id
left join early_returns
    on fact.supplier_id = early_returns.supplier_id
left join {{ ref('mart_supplier_delivery') }} as delivery
    on fact.supplier_id = delivery.supplier_id
left join {{ ref('mart_supplier_mix_adjusted') }} as adjusted
    on fact.supplier_id = adjusted.supplier_id
left join {{ ref('mart_supplier_shrunk_rates') }} as shrunk
    on fact.supplier_id = shrunk.supplier_id
left join {{ ref('mart_supplier_scorecard') }} as scorecard
    on fact.supplier_id = scorecard.supplier_id
where
    scorecard.verdict is null
    or scorecard.ordered_units <> fact.mature_units
    or coalesce(adjusted.ordered_units, 0) <> fact.mature_units
    or adjusted.defect_returned_units <> fact.mature_defect_units
    or scorecard.defect_returned_units <> fact.mature_defect_units
    or coalesce(shrunk.ordered_units, 0) <> fact.year_old_units
    or shrunk.defect_returned_units <> fact.year_old_defect_units
    or scorecard.shrunk_defect_return_rate is distinct from shrunk.shrunk_defect_return_rate
    or scorecard.probability_above_target is distinct from shrunk.probability_above_target
    or quarters.ordered_units is distinct from fact.ordered_units
    or quarters.returned_units <> coalesce(early_returns.returned_units, 0)
    or quarters.defect_returned_units <> coalesce(early_returns.defect_returned_units, 0)
    or delivery.shipped_lines is distinct from fact.shipped_lines
    or delivery.delivered_lines <> fact.delivered_lines
    or abs(expected.expected_defect_units - expected.defect_returned_units) > 1E-6
