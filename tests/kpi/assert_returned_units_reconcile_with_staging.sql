-- Returned units of the fact are the distinct units of staging, each with all its returns; their
-- flags and best outcomes add up to those of lines and returns.
with fact as (
    select
        count(*) as returned_units,
        coalesce(sum(return_events), 0) as return_events,
        count(*) filter (where unit_outcome = 'repaired') as repaired_units,
        count(*) filter (where unit_outcome in ('repaired', 'replaced', 'refunded'))
            as remedied_units,
        count(*) filter (where unit_outcome = 'sent_back') as left_units,
        count(*) filter (where is_defect_returned) as defect_returned_units,
        count(*) filter (where has_confirmed_defect) as confirmed_defect_units,
        count(*) filter (where is_transit_damaged) as transit_damaged_units
    from {{ ref('fct_returned_units') }}
),

staged_units as (
    select
        concat_ws('|', order_line_id, cast(unit_number as string)) as unit,
        decision,
        outcome
    from {{ ref('stg_marketplace__return_lines') }}
),

staged as (
    select
        count(distinct unit) as returned_units,
        count(*) as return_events,
        count(distinct case when outcome = 'repaired' then unit end) as repaired_units,
        count(distinct case
            when outcome in ('repaired', 'replaced', 'refunded', 'partially_refunded') then unit
        end) as remedied_units,
        -- units with nothing but a return that was sent back or given up
        count(distinct unit) - count(distinct case
            when decision = 'refused' or outcome not in ('sent_back', 'abandoned') then unit
        end) as left_units
    from staged_units
),

lines as (
    select
        coalesce(sum(defect_returned_units), 0) as defect_returned_units,
        coalesce(sum(confirmed_defect_units), 0) as confirmed_defect_units,
        coalesce(sum(transit_damaged_units), 0) as transit_damaged_units
    from {{ ref('fct_order_lines') }}
)

select fact.*
from fact
cross join staged
cross join lines
where
    fact.returned_units <> staged.returned_units
    or fact.return_events <> staged.return_events
    or fact.repaired_units <> staged.repaired_units
    or fact.remedied_units <> staged.remedied_units
    or fact.left_units <> staged.left_units
    or fact.defect_returned_units <> lines.defect_returned_units
    or fact.confirmed_defect_units <> lines.confirmed_defect_units
    or fact.transit_damaged_units <> lines.transit_damaged_units
