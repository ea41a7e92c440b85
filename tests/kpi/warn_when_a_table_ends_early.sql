-- A table ends before the others, by more than max_lag_days: an old extract beside new ones makes
-- the last months look good. warn_when_returns_end_before_orders says it of returns.
{{ config(severity='warn') }}

select
    source_table,
    measured_value,
    threshold,
    unit,
    remedy_en as remedy
from {{ ref('build_checks') }}
where
    check_name = 'freshness'
    and status = 'warn'
    and source_table <> 'return_lines'
