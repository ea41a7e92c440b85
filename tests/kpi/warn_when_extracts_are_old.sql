-- The extracts end more than max_extract_age_days before the build. Off by default, because a
-- historical set is old by nature.
{{ config(severity='warn') }}

select
    source_table,
    measured_value,
    threshold,
    unit,
    remedy_en as remedy
from {{ ref('build_checks') }}
where check_name = 'extract_age' and status = 'warn'
