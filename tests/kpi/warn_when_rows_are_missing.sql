-- More than max_row_drop_share of the rows of the previous delivery are gone: an export that was
-- cut off, or lost its past. A warning, because rows may have been deleted on purpose.
{{ config(severity='warn') }}

select
    source_table,
    measured_value,
    threshold,
    unit,
    remedy_en as remedy
from {{ ref('build_checks') }}
where check_name = 'row_count' and status = 'warn'
