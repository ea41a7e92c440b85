-- External reviews that passed the gate.
-- Grain: one row per review_id.
with accepted as (
    {{ accepted_rows('external_reviews') }}
)

select
    -- keys
    review_id,

    -- attributes
    source,
    title,
    body,
    language,

    -- measures
    score,

    -- times
    reviewed_at
from accepted
