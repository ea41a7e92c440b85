-- Periods of offers in which one version holds: of versions that overlap, the one that began last,
-- and after it the earlier one again. So an order has one version and counts once.
-- Grain: one row per offer_version_id.
{{ config(materialized='table') }}

with product_lists as (
    select * from {{ ref('stg_marketplace__product_lists') }}
),

turning_points as (
    select
        product_list_id,
        valid_from as starts_at
    from product_lists

    union distinct

    select
        product_list_id,
        valid_to as starts_at
    from product_lists
    where valid_to is not null
),

periods as (
    select
        product_list_id,
        starts_at,
        lead(starts_at) over (
            partition by product_list_id
            order by starts_at
        ) as ends_at
    from turning_points
),

ranked as (
    select
        product_lists.*,
        periods.starts_at,
        periods.ends_at,
        row_number() over (
            partition by periods.product_list_id, periods.starts_at
            order by product_lists.valid_from desc
        ) as newest_rank
    from periods
    inner join product_lists
        on
            periods.product_list_id = product_lists.product_list_id
            and periods.starts_at >= product_lists.valid_from
            and (
                periods.starts_at < product_lists.valid_to
                or product_lists.valid_to is null
            )
)

select
    concat_ws('@', product_list_id, cast(starts_at as string)) as offer_version_id,
    product_list_id,
    product_id,
    supplier_id,
    announced_grade,
    currency_code,
    unit_price,
    warranty_months,
    starts_at as valid_from,
    ends_at as valid_to
from ranked
where newest_rank = 1
