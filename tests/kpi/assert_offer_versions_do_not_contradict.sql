-- Two versions of one offer that overlap and name different suppliers, products or grades: whose
-- device an order was is then a guess. Close the earlier version where the later one begins.
with product_lists as (
    select * from {{ ref('stg_marketplace__product_lists') }}
)

select
    earlier.product_list_id,
    earlier.valid_from as earlier_valid_from,
    earlier.valid_to as earlier_valid_to,
    later.valid_from as later_valid_from
from product_lists as earlier
inner join product_lists as later
    on
        earlier.product_list_id = later.product_list_id
        and earlier.valid_from < later.valid_from
        and (earlier.valid_to is null or earlier.valid_to > later.valid_from)
where
    earlier.supplier_id is distinct from later.supplier_id
    or earlier.product_id is distinct from later.product_id
    or earlier.announced_grade is distinct from later.announced_grade
