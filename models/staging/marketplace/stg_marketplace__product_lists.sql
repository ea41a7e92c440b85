-- Product lists that passed the gate.
-- Grain: one row per (product_list_id, valid_from).
with accepted as (
    {{ accepted_rows('product_lists') }}
)

select
    -- keys
    product_list_id,
    product_id,
    supplier_id,

    -- attributes
    announced_grade,
    currency_code,

    -- measures
    unit_price,
    warranty_months,

    -- times
    valid_from,
    valid_to
from accepted
