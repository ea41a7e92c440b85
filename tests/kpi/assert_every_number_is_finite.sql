-- No number of core or of the marts is infinite or not a number: DuckDB divides by 0 without an
-- error, and one such cell spoils every total above it. Unknown is null.
-- The convention check_model_numbers_are_finite keeps the list whole.
{% set tables = [
    'dim_grade_models', 'fct_customer_outcomes', 'fct_evaluations', 'fct_refunds',
    'fct_repairs', 'fct_return_phases', 'fct_returns', 'fct_shipments', 'fct_support_cases',
    'mart_alert_measures', 'mart_alerts', 'mart_budget_impact', 'mart_category_defects',
    'mart_category_repairs', 'mart_cohort_completion', 'mart_correction_impact',
    'mart_defect_types', 'mart_external_reviews', 'mart_grade_agreement', 'mart_grade_drift',
    'mart_grade_model_calibration', 'mart_grade_model_classes', 'mart_grade_model_fairness',
    'mart_grade_model_outcomes', 'mart_grade_model_quality', 'mart_grade_return_rate',
    'mart_grade_shares', 'mart_grading_daily', 'mart_grading_daily_service',
    'mart_grading_tiles', 'mart_hypothesis_measures', 'mart_hypothesis_pairs',
    'mart_hypothesis_shares', 'mart_hypothesis_statistics', 'mart_hypothesis_tests',
    'mart_marketplace_health', 'mart_perceived_vs_announced', 'mart_product_satisfaction',
    'mart_refurbisher_board', 'mart_refurbisher_categories', 'mart_refurbisher_components',
    'mart_refurbisher_condition_returns', 'mart_refurbisher_confidence',
    'mart_refurbisher_months', 'mart_refurbisher_motives', 'mart_refurbisher_periods',
    'mart_refurbisher_trend', 'mart_refusal_comparison', 'mart_refusal_outcomes',
    'mart_refusal_reasons', 'mart_reliability_curve', 'mart_repair_benchmark_comparison',
    'mart_repair_coverage', 'mart_repair_efficiency', 'mart_repairability_benchmark',
    'mart_repairability_faults', 'mart_return_cycle', 'mart_return_decisions',
    'mart_return_development', 'mart_service_response', 'mart_service_survival',
    'mart_status_notifications', 'mart_supplier_concentration', 'mart_supplier_defects',
    'mart_supplier_delivery', 'mart_supplier_funnel', 'mart_supplier_mix_adjusted',
    'mart_supplier_quarters', 'mart_supplier_satisfaction', 'mart_supplier_scorecard',
    'mart_supplier_shrunk_rates', 'mart_supplier_trend', 'mart_supplier_voices',
    'mart_transit_quality', 'mart_transit_times'
] %}
{% set largest = '1.7976931348623157E308' %}

{% for table in tables -%}
{% set relation = ref(table) -%}
{% set columns = graph.nodes.get('model.refurb.' ~ table, {}).get('columns', {}).values() -%}
select '{{ table }}' as table_name
from {{ relation }}
where
    greatest(
        0E0
        {%- for column in columns if column.data_type == 'double' %},
        abs({{ column.name }})
        {%- endfor %}
    ) > {{ largest }}
{% if not loop.last -%} union all {%- endif %}
{% endfor %}
