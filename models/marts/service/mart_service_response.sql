-- How fast the service answers and settles, by month and channel of the customer's first message.
-- Grain: one row per (contact_month, contact_channel) in which a customer wrote.
with cases as (
    select * from {{ ref('fct_support_cases') }}
    where contact_month is not null
),

counted as (
    select
        contact_month,
        contact_channel,
        count(*) as contacted_cases,
        count(*) filter (where is_answered) as answered_cases,
        count(*) filter (where not is_answered) as unanswered_cases,
        count(*) filter (where is_within_response_target) as answered_in_target_cases,
        count(is_within_response_target) as response_due_cases,
        count(*) filter (where is_within_response_target is null) as response_pending_cases,
        {{ hours_measures('first_response_hours') }},
        {{ hours_measures('first_response_business_hours') }},
        count(*) filter (where not is_open) as closed_cases,
        count(*) filter (where is_open) as open_cases,
        {{ days_measures('resolution_days') }},
        -- null without an extract of ratings
        cast(sum(cast(is_rated_after_contact as integer)) as bigint) as rated_cases,
        cast(sum(case
            when post_contact_score >= 4 then 1
            when is_rated_after_contact is not null then 0
        end) as bigint) as satisfied_cases
    from cases
    group by contact_month, contact_channel
)

select
    contact_month,
    contact_channel,
    contacted_cases,
    cast(contacted_cases as double) / sum(contacted_cases) over (
        partition by contact_month
    ) as share_of_contacts,
    answered_cases,
    unanswered_cases,
    answered_in_target_cases,
    response_due_cases,
    response_pending_cases,
    {{ rate_with_bounds(
        'answered_in_target_cases', 'response_due_cases', 'response_in_target_rate'
    ) }},
    first_response_hours_sum,
    mean_first_response_hours,
    median_first_response_hours,
    p90_first_response_hours,
    first_response_business_hours_sum,
    mean_first_response_business_hours,
    median_first_response_business_hours,
    p90_first_response_business_hours,
    closed_cases,
    open_cases,
    resolution_days_sum,
    mean_resolution_days,
    median_resolution_days,
    p90_resolution_days,
    rated_cases,
    satisfied_cases,
    {{ rate_with_bounds('satisfied_cases', 'rated_cases', 'post_contact_csat_rate') }}
from counted
