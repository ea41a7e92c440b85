-- Ratings that passed the gate.
-- Grain: one row per rating_id.
with accepted as (
    {{ accepted_rows('ratings') }}
)

select
    -- keys
    rating_id,
    order_line_id,
    customer_id,

    -- attributes
    perceived_grade,
    comment,

    -- measures
    score,

    -- times
    rated_at
from accepted
