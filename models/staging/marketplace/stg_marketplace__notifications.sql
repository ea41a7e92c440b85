-- Notifications that passed the gate.
-- Grain: one row per notification_id.
with accepted as (
    {{ accepted_rows('notifications') }}
)

select
    -- keys
    notification_id,
    user_id,
    return_line_id,

    -- attributes
    stage,

    -- times
    sent_at
from accepted
