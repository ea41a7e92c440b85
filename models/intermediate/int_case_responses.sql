-- When the customer of a case first wrote, and when an agent first answered after that.
-- An automatic message answers nothing.
-- Grain: one row per case_id in which a customer wrote.
{{ config(materialized='table') }}

with messages as (
    select * from {{ ref('int_case_messages') }}
),

questions as (
    select
        *,
        row_number() over (
            partition by case_id
            order by sent_at, message_id
        ) as question_rank
    from messages
    where sender_role = 'customer' and not is_automatic
),

first_questions as (
    select
        case_id,
        channel as contact_channel,
        sent_at as first_customer_message_at
    from questions
    where question_rank = 1
)

select
    first_questions.case_id,
    first_questions.contact_channel,
    first_questions.first_customer_message_at,
    min(replies.sent_at) as first_agent_reply_at
from first_questions
left join messages as replies
    on
        first_questions.case_id = replies.case_id
        and first_questions.first_customer_message_at <= replies.sent_at
        and replies.sender_role = 'agent'
        and not replies.is_automatic
group by
    first_questions.case_id,
    first_questions.contact_channel,
    first_questions.first_customer_message_at
