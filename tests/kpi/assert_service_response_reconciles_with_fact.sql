-- Every case in which a customer wrote is in the mart once, answered or not, due or pending, closed
-- or open; waits add up to those of the fact, and opening hours never exceed hours of the clock.
with fact as (
    select
        count(first_customer_message_at) as contacted_cases,
        count(first_agent_reply_at) as answered_cases,
        count(closed_at) filter (where first_customer_message_at is not null) as closed_cases,
        coalesce(sum(
            {{ elapsed_hours('first_customer_message_at', 'first_agent_reply_at') }}
        ), 0) as waited_hours,
        coalesce(sum(first_response_business_hours), 0) as waited_business_hours,
        count(*) filter (
            where first_response_business_hours <= {{ var('sla_first_response_hours') }}
        ) as answered_in_target_cases,
        count(*) filter (
            where first_response_business_hours > first_response_hours + 1E-9
        ) as impossible_cases
    from {{ ref('fct_support_cases') }}
),

mart as (
    select
        coalesce(sum(contacted_cases), 0) as contacted_cases,
        coalesce(sum(answered_cases), 0) as answered_cases,
        coalesce(sum(unanswered_cases), 0) as unanswered_cases,
        coalesce(sum(answered_in_target_cases), 0) as answered_in_target_cases,
        coalesce(sum(response_due_cases), 0) as response_due_cases,
        coalesce(sum(response_pending_cases), 0) as response_pending_cases,
        coalesce(sum(closed_cases), 0) as closed_cases,
        coalesce(sum(open_cases), 0) as open_cases,
        coalesce(sum(first_response_hours_sum), 0) as waited_hours,
        coalesce(sum(first_response_business_hours_sum), 0) as waited_business_hours
    from {{ ref('mart_service_response') }}
)

select mart.*
from mart
cross join fact
where
    mart.contacted_cases <> fact.contacted_cases
    or mart.answered_cases <> fact.answered_cases
    or mart.answered_in_target_cases <> fact.answered_in_target_cases
    or mart.closed_cases <> fact.closed_cases
    or mart.contacted_cases <> mart.answered_cases + mart.unanswered_cases
    or mart.contacted_cases <> mart.response_due_cases + mart.response_pending_cases
    or mart.contacted_cases <> mart.closed_cases + mart.open_cases
    or mart.response_pending_cases > mart.unanswered_cases
    or fact.impossible_cases > 0
    or abs(mart.waited_hours - fact.waited_hours) > 1E-6 * (1 + fact.waited_hours)
    or abs(mart.waited_business_hours - fact.waited_business_hours)
    > 1E-6 * (1 + fact.waited_business_hours)
