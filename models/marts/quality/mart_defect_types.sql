-- What breaks: confirmed defects by type, for every supplier of a category.
-- Grain: one row per (category, supplier_id, defect_type).
with defects as (
    select * from {{ ref('fct_defects') }}
    where is_confirmed_defect
),

order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

products as (
    select * from {{ ref('dim_products') }}
),

defective_units as (
    -- a unit diagnosed twice with one type is one defective unit of that type
    select distinct
        order_line_id,
        unit_number,
        supplier_id,
        product_id,
        defect_type
    from defects
),

by_type as (
    select
        products.category,
        defective_units.supplier_id,
        defective_units.defect_type,
        count(*) as defective_units
    from defective_units
    inner join products
        on defective_units.product_id = products.product_id
    group by products.category, defective_units.supplier_id, defective_units.defect_type
),

ordered as (
    select
        products.category,
        order_lines.supplier_id,
        cast(sum(order_lines.ordered_units) as bigint) as ordered_units
    from order_lines
    inner join products
        on order_lines.product_id = products.product_id
    group by products.category, order_lines.supplier_id
)

select
    by_type.category,
    by_type.supplier_id,
    by_type.defect_type,
    by_type.defective_units,
    ordered.ordered_units,
    {{ rate_with_bounds('by_type.defective_units', 'ordered.ordered_units', 'defect_type_rate') }},
    cast(by_type.defective_units as double) / sum(by_type.defective_units) over (
        partition by by_type.category, by_type.supplier_id
    ) as share_of_defects
from by_type
inner join ordered
    on
        by_type.category = ordered.category
        and by_type.supplier_id = ordered.supplier_id
