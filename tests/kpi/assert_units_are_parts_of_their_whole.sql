-- Parts cannot exceed their whole: a numerator its denominator, units their events.
{% set defect_rules = [
    'returned_units <= ordered_units',
    'returned_units <= return_events',
    'defect_returned_units <= returned_units',
    'confirmed_defect_units <= returned_units',
    'transit_damaged_units <= returned_units',
    'delivered_units <= ordered_units',
] %}
{% set rules = {
    'fct_order_lines': defect_rules + ['ordered_units <= quantity'],
    'mart_supplier_defects': defect_rules,
    'mart_category_defects': defect_rules,
    'mart_defect_types': ['defective_units <= ordered_units'],
    'mart_supplier_satisfaction': [
        'csat_count <= rating_count', 'rated_delivered_lines <= delivered_lines'],
    'mart_product_satisfaction': [
        'csat_count <= rating_count', 'rated_delivered_lines <= delivered_lines'],
    'mart_repair_efficiency': [
        'repeat_repaired_units <= followed_up_units', 'followed_up_units <= repaired_units',
        'repeat_repaired_same_defect_units <= repeat_repaired_units',
        'again_defective_followed_up_units <= followed_up_units',
        'again_defective_followed_up_units <= again_defective_units',
        'again_defective_units <= repaired_units'],
    'mart_return_decisions': [
        'refused_in_warranty_requests <= refused_requests',
        'refused_in_warranty_requests <= in_warranty_requests',
        'refused_legal_withdrawal_requests <= legal_withdrawal_requests',
        'given_up_requests <= watched_requests', 'watched_requests <= requests',
        'repeated_cases <= followed_up_cases', 'followed_up_cases <= requests'],
    'mart_return_cycle': ['phase_returns <= closed_returns'],
    'mart_category_repairs': [
        'repeat_repaired_units <= followed_up_units', 'followed_up_units <= repaired_units',
        'repeat_repaired_same_defect_units <= repeat_repaired_units',
        'again_defective_followed_up_units <= followed_up_units',
        'again_defective_followed_up_units <= again_defective_units',
        'again_defective_units <= repaired_units',
        'priced_repaired_units <= repair_events',
        'dearer_than_device_units <= priced_repaired_units'],
    'mart_repair_coverage': [
        'confirmed_defect_units <= ordered_units', 'priced_ordered_units <= ordered_units',
        'settled_defect_units <= confirmed_defect_units',
        'costed_defect_units + replaced_defect_units <= settled_defect_units'],
    'mart_budget_impact': ['unpriced_units <= defect_units', 'uncosted_replacements <= defect_units'],
    'mart_refusal_outcomes': [
        'followed_up_people <= outcome_people', 'retained_people <= followed_up_people',
        'satisfied_events <= rated_events',
        'rated_events <= outcome_people + unidentified_events'],
} %}
{% for model, conditions in rules.items() %}
{% set last_model = loop.last %}
{% for condition in conditions %}
select
    '{{ model }}' as model_name,
    '{{ condition }}' as broken_rule,
    count(*) as broken_rows
from {{ ref(model) }}
where not ({{ condition }})
having count(*) > 0
{{ 'union all' if not (last_model and loop.last) }}
{% endfor %}
{% endfor %}
