-- Versions of offers: what was sold by whom, in which grade and at which price, and when.
-- Grain: one row per offer_version_id.
with offer_versions as (
    select * from {{ ref('int_offer_versions') }}
),

as_of_date as (
    select {{ dbt.dateadd('day', 1, 'as_of_date') }} as next_day
    from {{ ref('int_as_of_date') }}
)

select
    -- keys
    offer_versions.offer_version_id,
    offer_versions.product_list_id,
    offer_versions.product_id,
    offer_versions.supplier_id,

    -- attributes
    offer_versions.announced_grade,
    offer_versions.currency_code,

    -- measures
    offer_versions.unit_price,
    offer_versions.warranty_months,

    -- booleans
    offer_versions.valid_from < as_of_date.next_day
    and (
        offer_versions.valid_to >= as_of_date.next_day
        or offer_versions.valid_to is null
    ) as is_current,

    -- times
    offer_versions.valid_from,
    offer_versions.valid_to
from offer_versions
cross join as_of_date
