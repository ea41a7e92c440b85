-- Of every supplier and month, the categories add up to the supplier.
with categories as (
    select
        supplier_id,
        order_month,
        sum(ordered_units) as ordered_units,
        sum(returned_units) as returned_units,
        sum(defect_returned_units) as defect_returned_units,
        sum(confirmed_defect_units) as confirmed_defect_units
    from {{ ref('mart_category_defects') }}
    group by supplier_id, order_month
),

suppliers as (
    select * from {{ ref('mart_supplier_defects') }}
)

select
    coalesce(suppliers.supplier_id, categories.supplier_id) as supplier_id,
    coalesce(suppliers.order_month, categories.order_month) as order_month
from suppliers
full outer join categories
    on
        suppliers.supplier_id = categories.supplier_id
        and suppliers.order_month = categories.order_month
where
    suppliers.ordered_units is distinct from categories.ordered_units
    or suppliers.returned_units is distinct from categories.returned_units
    or suppliers.defect_returned_units is distinct from categories.defect_returned_units
    or suppliers.confirmed_defect_units is distinct from categories.confirmed_defect_units
