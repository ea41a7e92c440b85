-- Versions of offers: what was sold by whom, in which grade and at which price, and when.
-- Grain: one row per offer_version_id.
with offer_versions as (
    select * from {{ ref('int_offer_versions') }}
)

select
    -- keys
    offer_version_id,
    product_list_id,
    product_id,
    supplier_id,

    -- attributes
    announced_grade,
    currency_code,

    -- measures
    unit_price,
    warranty_months,

    -- booleans
    valid_to is null as is_current,

    -- times
    valid_from,
    valid_to
from offer_versions
