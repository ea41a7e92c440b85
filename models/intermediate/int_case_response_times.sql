-- How long the customer of a case waited for the first answer, in opening hours; without an answer
-- until the end of the as-of date.
-- Grain: one row per case_id in which a customer wrote.
with responses as (
    select
        case_id,
        first_agent_reply_at is not null as is_answered,
        {{ to_reporting_timezone('first_customer_message_at') }} as asked_at,
        {{ to_reporting_timezone('first_agent_reply_at') }} as answered_at
    from {{ ref('int_case_responses') }}
),

as_of_date as (
    select * from {{ ref('int_as_of_date') }}
),

business_days as (
    select * from {{ ref('int_business_days') }}
),

waits as (
    select
        responses.case_id,
        responses.is_answered,
        responses.asked_at,
        coalesce(
            responses.answered_at,
            cast({{ dbt.dateadd('day', 1, 'as_of_date.as_of_date') }} as timestamp)
        ) as waited_until
    from responses
    cross join as_of_date
),

measured as (
    select
        waits.case_id,
        waits.is_answered,
        (
            {{ business_seconds_before('waits.waited_until', 'last_days') }}
            - ({{ business_seconds_before('waits.asked_at', 'first_days') }})
        ) / 3600E0 as waited_business_hours
    from waits
    inner join business_days as first_days
        on cast(waits.asked_at as date) = first_days.date_day
    inner join business_days as last_days
        on cast(waits.waited_until as date) = last_days.date_day
)

select
    case_id,
    case when is_answered then waited_business_hours end as first_response_business_hours,
    -- null while the target can still be met
    case
        when waited_business_hours > {{ var('sla_first_response_hours') }} then false
        when is_answered then true
    end as is_within_response_target
from measured
