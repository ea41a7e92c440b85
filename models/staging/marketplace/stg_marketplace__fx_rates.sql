-- Exchange rates that passed the gate.
-- Grain: one row per (currency_code, rate_date).
with accepted as (
    {{ accepted_rows('fx_rates') }}
)

select
    -- attributes
    currency_code,

    -- measures
    eur_rate,

    -- times
    rate_date
from accepted
