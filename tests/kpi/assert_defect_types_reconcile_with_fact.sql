-- Defective units by type are the distinct units and types of confirmed defects; the denominator
-- is the one of the category mart; the shares of a supplier and category add up to 1.
with mart as (
    select
        category,
        supplier_id,
        sum(defective_units) as defective_units,
        min(ordered_units) as lowest_ordered_units,
        max(ordered_units) as highest_ordered_units,
        sum(share_of_defects) as share_of_defects
    from {{ ref('mart_defect_types') }}
    group by category, supplier_id
),

confirmed as (
    select
        products.category,
        defects.supplier_id,
        count(distinct concat_ws(
            '|', defects.order_line_id, cast(defects.unit_number as string), defects.defect_type
        )) as defective_units
    from {{ ref('fct_defects') }} as defects
    inner join {{ ref('dim_products') }} as products
        on defects.product_id = products.product_id
    where defects.is_confirmed and defects.attribution in ('supplier', 'unknown')
    group by products.category, defects.supplier_id
),

ordered as (
    select
        category,
        supplier_id,
        sum(ordered_units) as ordered_units
    from {{ ref('mart_category_defects') }}
    group by category, supplier_id
)

select
    coalesce(mart.category, confirmed.category) as category,
    coalesce(mart.supplier_id, confirmed.supplier_id) as supplier_id
from mart
full outer join confirmed
    on
        mart.category = confirmed.category
        and mart.supplier_id = confirmed.supplier_id
left join ordered
    on
        mart.category = ordered.category
        and mart.supplier_id = ordered.supplier_id
where
    mart.defective_units is distinct from confirmed.defective_units
    or mart.lowest_ordered_units is distinct from ordered.ordered_units
    or mart.highest_ordered_units is distinct from ordered.ordered_units
    or abs(mart.share_of_defects - 1) > 1E-9
