-- Two versions of one offer that overlap, or begin together, and name different suppliers, products
-- or grades: whose device an order was is then a guess. Close the earlier version where the later
-- one begins; of two that begin together, find out which is right.
with product_lists as (
    select * from {{ ref('stg_marketplace__product_lists') }}
),

set_aside as (
    select *
    from {{ ref('quarantine_marketplace__product_lists') }}
    where reject_reason = 'conflicting key'
),

overlapping as (
    select
        earlier.product_list_id,
        earlier.valid_from,
        earlier.supplier_id,
        earlier.product_id,
        earlier.announced_grade,
        later.valid_from as other_valid_from,
        later.supplier_id as other_supplier_id,
        later.product_id as other_product_id,
        later.announced_grade as other_announced_grade
    from product_lists as earlier
    inner join product_lists as later
        on
            earlier.product_list_id = later.product_list_id
            and earlier.valid_from < later.valid_from
            and (earlier.valid_to is null or earlier.valid_to > later.valid_from)

    union all

    select
        kept.product_list_id,
        kept.valid_from,
        kept.supplier_id,
        kept.product_id,
        kept.announced_grade,
        set_aside.valid_from as other_valid_from,
        set_aside.supplier_id as other_supplier_id,
        set_aside.product_id as other_product_id,
        set_aside.announced_grade as other_announced_grade
    from product_lists as kept
    inner join set_aside
        on
            kept.product_list_id = set_aside.product_list_id
            and kept.valid_from = set_aside.valid_from
)

select *
from overlapping
where
    supplier_id is distinct from other_supplier_id
    or product_id is distinct from other_product_id
    or announced_grade is distinct from other_announced_grade
