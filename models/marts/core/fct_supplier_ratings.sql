-- What after-sales agents think of suppliers, about a return or in general.
-- Grain: one row per supplier_rating_id.
with supplier_ratings as (
    select * from {{ ref('stg_marketplace__supplier_ratings') }}
)

select
    -- keys
    supplier_rating_id,
    {{ keyed_hash('agent', 'agent_id') }} as agent_id,
    supplier_id,
    return_line_id,

    -- measures
    score,

    -- booleans
    score >= 4 as is_satisfied,

    -- times
    rated_at
from supplier_ratings
