{% test unique_grain(model, columns) %}
-- Rows that break the declared grain: a value that stands twice, or a null in a grain column.
-- Without columns the grain is one row in all.
select
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    count(*) as rows_found
from {{ model }}
{%- if columns %}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}
{%- else %}
having count(*) <> 1
{%- endif %}
{% endtest %}
