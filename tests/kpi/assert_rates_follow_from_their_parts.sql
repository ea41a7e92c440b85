-- A rate is its numerator over its denominator, null exactly where that is 0 or unknown; its bounds
-- are Wilson's for the same two, and 0 <= low <= rate <= high <= 1.
{% set rates = {
    'mart_supplier_defects': [
        ('return_rate', 'returned_units', 'ordered_units'),
        ('defect_return_rate', 'defect_returned_units', 'ordered_units'),
        ('confirmed_defect_rate', 'confirmed_defect_units', 'ordered_units'),
        ('transit_damage_rate', 'transit_damaged_units', 'ordered_units')],
    'mart_category_defects': [
        ('return_rate', 'returned_units', 'ordered_units'),
        ('defect_return_rate', 'defect_returned_units', 'ordered_units'),
        ('confirmed_defect_rate', 'confirmed_defect_units', 'ordered_units'),
        ('transit_damage_rate', 'transit_damaged_units', 'ordered_units')],
    'mart_defect_types': [('defect_type_rate', 'defective_units', 'ordered_units')],
    'mart_product_satisfaction': [
        ('csat_rate', 'csat_count', 'rating_count'),
        ('no_return_csat_rate', 'no_return_csat_count', 'no_return_rating_count'),
        ('pre_return_csat_rate', 'pre_return_csat_count', 'pre_return_rating_count'),
        ('post_return_csat_rate', 'post_return_csat_count', 'post_return_rating_count')],
    'mart_supplier_satisfaction': [
        ('csat_rate', 'csat_count', 'rating_count'),
        ('no_return_csat_rate', 'no_return_csat_count', 'no_return_rating_count'),
        ('pre_return_csat_rate', 'pre_return_csat_count', 'pre_return_rating_count'),
        ('post_return_csat_rate', 'post_return_csat_count', 'post_return_rating_count')],
} %}
{% for model, columns in rates.items() %}
{% set last_model = loop.last %}
{% for rate_name, numerator, denominator in columns %}
select
    '{{ model }}' as model_name,
    '{{ rate_name }}' as rate_name,
    count(*) as broken_rows
from {{ ref(model) }}
where
    {{ rate_name }} is distinct from
    cast({{ numerator }} as double) / nullif({{ denominator }}, 0)
    or not (
        0 <= {{ rate_name }}_low
        and {{ rate_name }}_low <= {{ rate_name }} + 1E-12
        and {{ rate_name }} <= {{ rate_name }}_high + 1E-12
        and {{ rate_name }}_high <= 1
    )
    or {{ rate_name }}_low is distinct from {{ wilson_low(numerator, denominator) }}
    or {{ rate_name }}_high is distinct from {{ wilson_high(numerator, denominator) }}
having count(*) > 0
{{ 'union all' if not (last_model and loop.last) }}
{% endfor %}
{% endfor %}
