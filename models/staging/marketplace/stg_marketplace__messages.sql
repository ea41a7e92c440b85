-- Messages that passed the gate.
-- Grain: one row per message_id.
with accepted as (
    {{ accepted_rows('messages') }}
)

select
    -- keys
    message_id,
    subject_id,

    -- attributes
    subject_type,
    sender_role,
    channel,

    -- booleans
    is_automatic,

    -- times
    sent_at
from accepted
