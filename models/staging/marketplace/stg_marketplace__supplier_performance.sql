-- Supplier performance that passed the gate.
-- Grain: one row per (supplier_id, period_month).
with accepted as (
    {{ accepted_rows('supplier_performance') }}
)

select
    -- keys
    supplier_id,

    -- measures
    declared_return_rate,
    declared_units,

    -- times
    period_month
from accepted
