-- Every review of the marketplace on another site; what it says stays in staging.
-- Grain: one row per review_id.
with reviews as (
    select * from {{ ref('stg_marketplace__external_reviews') }}
)

select
    -- keys
    review_id,

    -- attributes
    source,
    language,

    -- measures
    score,

    -- booleans
    score = 1 as is_very_negative,
    score >= 4 as is_satisfied,

    -- times
    {{ reporting_month('reviewed_at') }} as review_month,
    reviewed_at
from reviews
