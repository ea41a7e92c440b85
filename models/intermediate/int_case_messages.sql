-- Messages with the case that they belong to, whether they came by its return or by its claim.
-- Grain: one row per message_id.
with messages as (
    select * from {{ ref('stg_marketplace__messages') }}
),

claims as (
    select * from {{ ref('int_claims_cased') }}
)

select
    messages.message_id,
    case
        when messages.subject_type = 'return_line'
            then concat_ws(':', 'return', messages.subject_id)
        else coalesce(claims.case_id, concat_ws(':', 'claim', messages.subject_id))
    end as case_id,
    messages.sender_role,
    messages.channel,
    coalesce(messages.is_automatic, false) as is_automatic,
    messages.sent_at
from messages
left join claims
    on
        messages.subject_type = 'claim'
        and messages.subject_id = claims.claim_id
