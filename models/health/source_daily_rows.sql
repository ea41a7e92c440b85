-- How many rows of which day were kept: what the health models count and compare.
-- Grain: one row per (source_table, event_date); rows without an event time share a null date.
{% for table in raw_tables() %}
{% set event_at = raw_contract(table).event_at %}
{% set event_time = 'cast(' ~ (event_at or 'null') ~ ' as timestamp)' %}
select
    '{{ table }}' as source_table,
    cast({{ event_time }} as date) as event_date,
    count(*) as staged_rows,
    min({{ event_time }}) as first_event_at,
    max({{ event_time }}) as last_event_at
from {{ gate('stg', table) }}
group by cast({{ event_time }} as date)
{{ 'union all' if not loop.last }}
{% endfor %}
