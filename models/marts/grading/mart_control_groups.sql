-- Offers of a product in groups: a corrected offer is compared with those of its own. All offers of
-- a product with many would be compared with all, and more than ten add little (Ury 1975).
-- Grain: one row per (product_id, product_list_id).
{% set least = var('control_group_offers') -%}
with offers as (
    select distinct
        product_id,
        product_list_id
    from {{ ref('dim_offers') }}
),

-- offers take turns, so that each group has offers of all suppliers and ages
numbered as (
    select
        product_id,
        product_list_id,
        row_number() over (partition by product_id order by product_list_id) as offer_number,
        floor(count(*) over (partition by product_id) / {{ least }}) as full_groups
    from offers
)

select
    product_id,
    product_list_id,
    cast(mod(offer_number, greatest(full_groups, 1)) as integer) as group_number
from numbered
