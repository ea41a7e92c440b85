-- The list that the health models loop over is the list of the contract.
{% set contract = graph.sources.values()
    | selectattr('source_name', 'in', ['marketplace', 'open_repair'])
    | map(attribute='name') | list %}
{% set differing = (contract + raw_tables()) | unique | list %}
with differing as (
    {% for table in differing
        if not execute or table not in contract or table not in raw_tables() %}
    select '{{ table }}' as source_table
    union all
    {% endfor %}
    select cast(null as string) as source_table
)

select source_table
from differing
where source_table is not null
