-- Every column that the catalogue names exists, and every rate of a mart is in the catalogue.
{% set documented = [] %}
{% set rates = [] %}
{% for node in graph.nodes.values() if node.resource_type == 'model' %}
{% for column in node.columns %}
{% do documented.append((node.name, column)) %}
{% if node.name.startswith('mart_') and column.endswith(('_rate', '_ratio')) %}
{% do rates.append((node.name, column)) %}
{% endif %}
{% endfor %}
{% endfor %}
with catalogue as (
    select
        model_name,
        column_name
    from {{ ref('kpi_catalog') }}
),

known_columns as (
    {% for model, column in documented %}
    select
        '{{ model }}' as model_name,
        '{{ column }}' as column_name
    union all
    {% endfor %}
    select
        cast(null as string) as model_name,
        cast(null as string) as column_name
),

rates as (
    {% for model, column in rates %}
    select
        '{{ model }}' as model_name,
        '{{ column }}' as column_name
    union all
    {% endfor %}
    select
        cast(null as string) as model_name,
        cast(null as string) as column_name
)

select
    catalogue.model_name,
    catalogue.column_name,
    'does not exist' as finding
from catalogue
left join known_columns
    on
        catalogue.model_name = known_columns.model_name
        and catalogue.column_name = known_columns.column_name
where known_columns.model_name is null

union all

select
    rates.model_name,
    rates.column_name,
    'is not in kpi_catalog' as finding
from rates
left join catalogue
    on
        rates.model_name = catalogue.model_name
        and rates.column_name = catalogue.column_name
where rates.model_name is not null and catalogue.model_name is null
