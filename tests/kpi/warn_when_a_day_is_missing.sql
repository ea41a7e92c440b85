-- A day without rows, or with far fewer than its weekday has: an export that lost a day. A warning,
-- because a shop may have been closed.
{{ config(severity='warn') }}

select
    source_table,
    event_date,
    staged_rows,
    expected_rows,
    {{ var('min_daily_share') }} * expected_rows as threshold
from {{ ref('low_volume_days') }}
