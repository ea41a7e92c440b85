-- A table without which no KPI can be computed has its header and not one sound row: the export
-- failed, and every figure below it would be an empty mart instead of an error.
{% set mandatory = [] %}
{% for table in raw_tables() if raw_contract(table).is_mandatory %}
{% do mandatory.append(table) %}
{% endfor %}
select
    source_table,
    raw_rows,
    staged_rows
from {{ ref('source_coverage') }}
where
    source_table in ('{{ mandatory | join("', '") }}')
    and staged_rows = 0
