-- Every diagnosis of a returned unit.
-- Grain: one row per defect_id.
with defects as (
    select * from {{ ref('stg_marketplace__defects') }}
),

return_lines as (
    select * from {{ ref('stg_marketplace__return_lines') }}
),

order_lines as (
    select * from {{ ref('int_returned_lines') }}
)

select
    -- keys
    defects.defect_id,
    defects.return_line_id,
    return_lines.order_line_id,
    return_lines.unit_number,
    order_lines.supplier_id,
    order_lines.product_id,

    -- attributes
    defects.defect_type,
    defects.severity,
    defects.attribution,

    -- booleans
    defects.is_confirmed,
    defects.is_confirmed and defects.attribution in ('supplier', 'unknown') as is_confirmed_defect,

    -- times
    order_lines.order_month,
    defects.diagnosed_at
from defects
inner join return_lines
    on defects.return_line_id = return_lines.return_line_id
inner join order_lines
    on return_lines.order_line_id = order_lines.order_line_id
