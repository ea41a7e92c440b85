-- Lines, units and returned units of the fact are those of staging, counted another way.
with fact as (
    select
        count(*) as order_lines,
        sum(quantity) as quantity,
        coalesce(sum(ordered_units), 0) as ordered_units,
        coalesce(sum(returned_units), 0) as returned_units,
        coalesce(sum(return_events), 0) as return_events,
        coalesce(sum(defect_returned_units), 0) as defect_returned_units,
        coalesce(sum(repair_events), 0) as repair_events,
        count(*) filter (where is_rated) as rated_lines
    from {{ ref('fct_order_lines') }}
),

lines as (
    select
        count(*) as order_lines,
        sum(quantity) as quantity,
        sum(quantity) filter (where state in ('shipped', 'refunded_after_shipping'))
            as ordered_units
    from {{ ref('stg_marketplace__order_lines') }}
),

returns as (
    select
        count(distinct concat_ws('|', order_line_id, cast(unit_number as string)))
            as returned_units,
        count(*) as return_events,
        count(distinct case
            when reason_code in (21, 22, 23)
                then concat_ws('|', order_line_id, cast(unit_number as string))
        end) as defect_returned_units
    from {{ ref('stg_marketplace__return_lines') }}
),

repairs as (
    select count(*) as repair_events from {{ ref('stg_marketplace__repairs') }}
),

ratings as (
    select count(distinct order_line_id) as rated_lines from {{ ref('stg_marketplace__ratings') }}
)

select
    fact.*,
    lines.ordered_units as staged_ordered_units,
    returns.returned_units as staged_returned_units
from fact
cross join lines
cross join returns
cross join repairs
cross join ratings
where
    fact.order_lines is distinct from lines.order_lines
    or fact.quantity is distinct from lines.quantity
    or fact.ordered_units is distinct from coalesce(lines.ordered_units, 0)
    or fact.returned_units is distinct from returns.returned_units
    or fact.return_events is distinct from returns.return_events
    or fact.defect_returned_units is distinct from returns.defect_returned_units
    or fact.repair_events is distinct from repairs.repair_events
    or fact.rated_lines is distinct from ratings.rated_lines
