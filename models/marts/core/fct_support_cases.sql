-- Every after-sales case once, however many returns, claims and messages tell of it.
-- Grain: one row per case_id.
with cases as (
    select * from {{ ref('int_support_cases') }}
),

responses as (
    select * from {{ ref('int_case_responses') }}
),

response_times as (
    select * from {{ ref('int_case_response_times') }}
),

ratings as (
    select * from {{ ref('int_case_ratings') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
)

select
    -- keys
    cases.case_id,
    cases.return_line_id,
    cases.order_line_id,
    cases.evaluation_id,
    {{ keyed_hash('customer', 'cases.customer_id') }} as customer_id,
    cases.supplier_id,
    cases.product_id,

    -- attributes
    cases.case_type,
    case
        when responses.case_id is not null then coalesce(responses.contact_channel, 'unknown')
    end as contact_channel,

    -- measures
    cast(
        {{ elapsed_hours('responses.first_customer_message_at', 'responses.first_agent_reply_at') }}
        as double
    ) as first_response_hours,
    cast(response_times.first_response_business_hours as double) as first_response_business_hours,
    cast({{ elapsed_days('cases.opened_at', 'cases.closed_at') }} as double) as resolution_days,
    cast(ratings.post_contact_score as integer) as post_contact_score,
    cases.claim_count,

    -- booleans
    cases.closed_at is null as is_open,
    cases.is_upheld,
    case
        when responses.case_id is not null then responses.first_agent_reply_at is not null
    end as is_answered,
    response_times.is_within_response_target,
    case
        when presence.has_ratings and responses.case_id is not null
            then ratings.case_id is not null
    end as is_rated_after_contact,

    -- times
    {{ reporting_month('responses.first_customer_message_at') }} as contact_month,
    cases.opened_at,
    cases.first_claim_opened_at,
    responses.first_customer_message_at,
    responses.first_agent_reply_at,
    cases.closed_at
from cases
left join responses
    on cases.case_id = responses.case_id
left join response_times
    on cases.case_id = response_times.case_id
left join ratings
    on cases.case_id = ratings.case_id
cross join presence
