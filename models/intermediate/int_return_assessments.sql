-- What follows from a return's dates: whether warranty and withdrawal periods covered the request,
-- whether the customer gave it up, and whether its unit came again.
-- Grain: one row per return_line_id.
{{ config(materialized='table') }}

with returns as (
    select
        *,
        {{ reporting_date('requested_at') }} as request_date,
        {{ reporting_date('closed_at') }} as closing_date,
        lead(requested_at) over (
            partition by order_line_id, unit_number
            order by return_number
        ) as next_requested_at
    from {{ ref('int_returns_classified') }}
),

steps as (
    select * from {{ ref('int_return_steps') }}
),

order_lines as (
    select
        *,
        {{ reporting_date('delivered_at') }} as delivery_date
    from {{ ref('int_returned_lines') }}
),

offer_versions as (
    select * from {{ ref('int_offer_versions') }}
),

customer_messages as (
    select
        case_id,
        {{ reporting_date('max(sent_at)') }} as last_message_date
    from {{ ref('int_case_messages') }}
    where sender_role = 'customer' and not is_automatic
    group by case_id
),

as_of_date as (
    select * from {{ ref('int_as_of_date') }}
)

select
    returns.return_line_id,
    case
        when returns.closed_at is null
            then {{ dbt.datediff('returns.request_date', 'as_of_date.as_of_date', 'day') }}
    end as open_age_days,
    returns.request_date <= {{ dbt.dateadd(
        'month', 'offer_versions.warranty_months',
        'coalesce(order_lines.delivery_date, order_lines.order_date)'
    ) }} as is_in_warranty,
    returns.request_date <= {{ dbt.dateadd(
        'day', var('legal_withdrawal_days'), 'order_lines.delivery_date'
    ) }} as is_in_legal_withdrawal_period,
    returns.request_date <= {{ dbt.dateadd(
        'day', var('commercial_return_days'), 'order_lines.delivery_date'
    ) }} as is_in_commercial_return_period,
    {{ dbt.dateadd('day', var('abandonment_days'), 'returns.request_date') }}
    <= as_of_date.as_of_date as is_abandonment_known,
    returns.outcome = 'abandoned' or (
        -- a closed return has no phase
        coalesce(steps.open_phase = 'sending', false)
        and {{ dbt.dateadd(
            'day', var('abandonment_days'),
            'greatest(returns.request_date, customer_messages.last_message_date)'
        ) }} <= as_of_date.as_of_date
    ) as is_abandoned,
    returns.return_number = 1 and coalesce({{ dbt.dateadd(
        'day', var('repeat_case_window_days'), 'returns.closing_date'
    ) }} <= as_of_date.as_of_date, false) as is_followed_up,
    coalesce(
        {{ elapsed_days('returns.closed_at', 'returns.next_requested_at') }}
        <= {{ var('repeat_case_window_days') }},
        false
    ) as is_asked_again
from returns
inner join steps
    on returns.return_line_id = steps.return_line_id
inner join order_lines
    on returns.order_line_id = order_lines.order_line_id
inner join offer_versions
    on order_lines.offer_version_id = offer_versions.offer_version_id
left join customer_messages
    on concat_ws(':', 'return', returns.return_line_id) = customer_messages.case_id
cross join as_of_date
