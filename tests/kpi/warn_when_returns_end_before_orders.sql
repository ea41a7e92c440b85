-- Orders go on and returns have stopped: an old extract of returns makes the last months look good.
-- A warning, because a marketplace without a return for two weeks may be true.
{{ config(severity='warn') }}

with extracts as (
    select
        max(case when source_table = 'orders' then last_event_at end) as last_order_at,
        max(case when source_table = 'return_lines' then last_event_at end) as last_return_at
    from {{ ref('source_coverage') }}
)

select
    last_order_at,
    last_return_at
from extracts
where {{ elapsed_days('last_return_at', 'last_order_at') }} > {{ var('max_return_lag_days') }}
