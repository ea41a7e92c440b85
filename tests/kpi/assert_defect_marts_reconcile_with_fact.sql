-- Both defect marts add up to the fact, measure by measure: no unit lost, none counted twice.
{% set measures = [
    'ordered_units', 'delivered_units', 'returned_units', 'return_events',
    'defect_returned_units', 'confirmed_defect_units', 'transit_damaged_units',
] %}
with totals as (
    {% for model in ['fct_order_lines', 'mart_supplier_defects', 'mart_category_defects'] %}
    select
        {% for measure in measures -%}
        sum({{ measure }}) as {{ measure }},
        {% endfor -%}
        '{{ model }}' as model_name
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select mart.*
from totals as mart
inner join totals as fact
    on fact.model_name = 'fct_order_lines'
where
    false
    {% for measure in measures -%}
    or mart.{{ measure }} is distinct from fact.{{ measure }}
    {% endfor %}
