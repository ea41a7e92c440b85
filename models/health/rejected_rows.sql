-- Raw rows that were set aside, and why. Nothing is dropped without a line here.
-- Grain: one row per rejected raw row.
{% for table in raw_tables() %}
{% set contract = raw_contract(table) %}
select
    '{{ table }}' as source_table,
    {{ shown_row_key(contract) }} as row_key,
    reject_column as column_name,
    {{ shown_reject_value(contract) }} as raw_value,
    reject_reason as reason
from {{ gate('quarantine', table) }}
where reject_reason is not null
{{ 'union all' if not loop.last }}
{% endfor %}
