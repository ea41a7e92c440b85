-- Returns with the class of their reason, their diagnosis and their number on the unit.
-- Grain: one row per return_line_id.
{{ config(materialized='table') }}

with return_lines as (
    select * from {{ ref('stg_marketplace__return_lines') }}
),

return_reasons as (
    select * from {{ ref('return_reasons') }}
),

diagnoses as (
    select * from {{ ref('int_return_diagnoses') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
)

select
    return_lines.return_line_id,
    return_lines.order_line_id,
    return_lines.unit_number,
    return_lines.reason_code,
    return_reasons.reason_class,
    return_lines.decision,
    return_lines.refusal_reason,
    return_lines.outcome,
    row_number() over (
        partition by return_lines.order_line_id, return_lines.unit_number
        order by return_lines.requested_at, return_lines.return_line_id
    ) as return_number,
    return_reasons.is_defect as is_defect_return,
    return_reasons.is_supplier_attributable,
    case
        when presence.has_defects then coalesce(diagnoses.has_confirmed_defect, false)
    end as has_confirmed_defect,
    case
        when presence.has_defects then coalesce(diagnoses.is_transit_damaged, false)
    end as is_transit_damaged,
    return_lines.requested_at,
    return_lines.received_at,
    return_lines.decided_at,
    return_lines.closed_at
from return_lines
inner join return_reasons
    on return_lines.reason_code = return_reasons.reason_code
left join diagnoses
    on return_lines.return_line_id = diagnoses.return_line_id
cross join presence
