-- Every return of a unit, with its reason, diagnosis and outcome.
-- Grain: one row per return_line_id.
with returns as (
    select * from {{ ref('int_returns_classified') }}
),

order_lines as (
    select * from {{ ref('int_returned_lines') }}
),

assessments as (
    select * from {{ ref('int_return_assessments') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
),

notifications as (
    select
        return_line_id,
        count(*) as notification_count
    from {{ ref('stg_marketplace__notifications') }}
    group by return_line_id
)

select
    -- keys
    returns.return_line_id,
    returns.order_line_id,
    returns.unit_number,
    {{ keyed_hash('customer', 'order_lines.customer_id') }} as customer_id,
    order_lines.offer_version_id,
    order_lines.supplier_id,
    order_lines.product_id,

    -- attributes
    returns.reason_code,
    returns.reason_class,
    returns.decision,
    returns.refusal_reason,
    returns.outcome,

    -- measures
    cast(returns.return_number as integer) as return_number,
    cast({{ elapsed_days('order_lines.delivered_at', 'returns.requested_at') }} as double)
        as age_at_return_days,
    cast({{ elapsed_days('order_lines.ordered_at', 'returns.requested_at') }} as double)
        as days_from_order,
    cast({{ elapsed_days('returns.requested_at', 'returns.closed_at') }} as double) as cycle_days,
    cast(assessments.open_age_days as integer) as open_age_days,
    case
        when presence.has_notifications then coalesce(notifications.notification_count, 0)
    end as notification_count,

    -- booleans
    returns.is_defect_return,
    returns.is_supplier_attributable,
    returns.has_confirmed_defect,
    returns.is_transit_damaged,
    assessments.is_in_warranty,
    assessments.is_in_legal_withdrawal_period,
    assessments.is_in_commercial_return_period,
    assessments.is_abandonment_known,
    assessments.is_abandoned,
    assessments.is_followed_up,
    assessments.is_followed_up and assessments.is_asked_again as is_repeated,

    -- times
    order_lines.order_month,
    {{ reporting_month('returns.requested_at') }} as return_month,
    returns.requested_at,
    returns.received_at,
    returns.decided_at,
    returns.closed_at
from returns
inner join order_lines
    on returns.order_line_id = order_lines.order_line_id
inner join assessments
    on returns.return_line_id = assessments.return_line_id
left join notifications
    on returns.return_line_id = notifications.return_line_id
cross join presence
