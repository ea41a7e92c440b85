-- How often units of a line were sent to repair.
-- Grain: one row per order_line_id that has a repair.
with repairs as (
    select * from {{ ref('int_repairs_sequenced') }}
)

select
    order_line_id,
    count(*) as repair_events
from repairs
group by order_line_id
