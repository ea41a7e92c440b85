-- Users that passed the gate.
-- Grain: one row per user_id.
with accepted as (
    {{ accepted_rows('users') }}
)

select
    -- keys
    user_id,

    -- attributes
    email,
    full_name,
    phone,
    country_code,
    city,

    -- booleans
    has_marketing_consent,

    -- times
    created_at,
    erased_at
from accepted
