-- Order lines that passed the gate.
-- Grain: one row per order_line_id.
with accepted as (
    {{ accepted_rows('order_lines') }}
)

select
    -- keys
    order_line_id,
    order_id,
    product_list_id,

    -- attributes
    state,

    -- measures
    quantity,
    unit_price,

    -- times
    promised_at
from accepted
