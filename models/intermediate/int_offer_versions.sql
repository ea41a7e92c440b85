-- Versions of offers that follow one another: where two overlap, the one that began last holds,
-- so that an order has one version and cannot count twice.
-- Grain: one row per offer_version_id.
{{ config(materialized='table') }}

with product_lists as (
    select * from {{ ref('stg_marketplace__product_lists') }}
),

followed as (
    select
        *,
        lead(valid_from) over (
            partition by product_list_id
            order by valid_from
        ) as next_valid_from
    from product_lists
)

select
    concat_ws('@', product_list_id, cast(valid_from as varchar)) as offer_version_id,
    product_list_id,
    product_id,
    supplier_id,
    announced_grade,
    currency_code,
    unit_price,
    warranty_months,
    valid_from,
    least(
        coalesce(valid_to, next_valid_from),
        coalesce(next_valid_from, valid_to)
    ) as valid_to
from followed
