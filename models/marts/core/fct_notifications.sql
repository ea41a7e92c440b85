-- Every status notification. Whom it went to stays in staging.
-- Grain: one row per notification_id.
with notifications as (
    select * from {{ ref('stg_marketplace__notifications') }}
),

returns as (
    select * from {{ ref('int_returns_classified') }}
),

order_lines as (
    select * from {{ ref('int_returned_lines') }}
)

select
    -- keys
    notifications.notification_id,
    notifications.return_line_id,
    returns.order_line_id,
    order_lines.supplier_id,
    order_lines.product_id,

    -- attributes
    notifications.stage,

    -- times
    {{ reporting_month('returns.requested_at') }} as return_month,
    notifications.sent_at
from notifications
left join returns
    on notifications.return_line_id = returns.return_line_id
left join order_lines
    on returns.order_line_id = order_lines.order_line_id
