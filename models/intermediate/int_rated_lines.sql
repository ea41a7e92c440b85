-- Lines that have a rating.
-- Grain: one row per order_line_id that was rated.
with ratings as (
    select * from {{ ref('stg_marketplace__ratings') }}
)

select distinct order_line_id
from ratings
