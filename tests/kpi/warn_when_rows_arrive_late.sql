-- Months that were closed in the previous delivery have grown by more than max_late_share: figures
-- that were already reported are others now.
{{ config(severity='warn') }}

select
    source_table,
    measured_value,
    threshold,
    unit,
    remedy_en as remedy
from {{ ref('build_checks') }}
where check_name = 'late_rows' and status = 'warn'
