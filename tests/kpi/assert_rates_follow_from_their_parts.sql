-- A rate is its numerator over its denominator, null exactly where that is 0 or unknown; its bounds
-- are Wilson's for the same two, and 0 <= low <= rate <= high <= 1. Means and indices likewise.
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
    'mart_supplier_quarters': [
        ('return_30d_rate', 'returned_units_30d', 'ordered_units'),
        ('defect_return_30d_rate', 'defect_returned_units_30d', 'ordered_units')],
    'mart_supplier_delivery': [('on_time_rate', 'on_time_lines', 'promised_lines')],
    'mart_supplier_voices': [
        ('csat_rate', 'csat_count', 'rating_count'),
        ('agent_csat_rate', 'agent_csat_count', 'agent_rating_count')],
    'mart_supplier_funnel': [
        ('defect_return_rate', 'defect_returned_units', 'ordered_units')],
    'mart_supplier_shrunk_rates': [
        ('defect_return_rate', 'defect_returned_units', 'ordered_units')],
    'mart_supplier_scorecard': [
        ('return_rate', 'returned_units', 'ordered_units'),
        ('defect_return_rate', 'defect_returned_units', 'ordered_units'),
        ('confirmed_defect_rate', 'confirmed_defect_units', 'ordered_units')],
    'mart_transit_quality': [
        ('parcel_damage_rate', 'damaged_parcels', 'parcels'),
        ('parcel_loss_rate', 'lost_parcels', 'parcels'),
        ('return_rate', 'returned_units', 'ordered_units'),
        ('transit_damage_rate', 'transit_damaged_units', 'ordered_units')],
    'mart_service_response': [
        ('response_in_target_rate', 'answered_in_target_cases', 'response_due_cases'),
        ('post_contact_csat_rate', 'satisfied_cases', 'rated_cases')],
    'mart_status_notifications': [
        ('notification_coverage_rate', 'notified_returns', 'reached_returns')],
    'mart_return_decisions': [
        ('refusal_rate', 'refused_requests', 'decided_requests'),
        ('abandonment_rate', 'given_up_requests', 'watched_requests'),
        ('repeat_case_rate', 'repeated_cases', 'followed_up_cases')],
    'mart_transit_times': [('on_time_rate', 'on_time_parcels', 'promised_parcels')],
    'mart_repair_efficiency': [
        ('repeat_repair_same_defect_rate', 'repeat_repaired_same_defect_units',
         'followed_up_units'),
        ('again_defective_rate', 'again_defective_followed_up_units', 'followed_up_units')],
    'mart_category_repairs': [
        ('repeat_repair_same_defect_rate', 'repeat_repaired_same_defect_units',
         'followed_up_units'),
        ('again_defective_rate', 'again_defective_followed_up_units', 'followed_up_units'),
        ('dearer_than_device_rate', 'dearer_than_device_units', 'priced_repaired_units')],
    'mart_repair_coverage': [
        ('confirmed_defect_rate', 'confirmed_defect_units', 'ordered_units'),
        ('repair_coverage_rate', 'repaired_defect_units', 'confirmed_defect_units'),
        ('settled_repair_coverage_rate', 'repaired_defect_units', 'settled_defect_units')],
    'mart_refusal_outcomes': [
        ('retention_rate', 'retained_people', 'followed_up_people'),
        ('after_csat_rate', 'satisfied_events', 'rated_events')],
    'mart_refusal_comparison': [
        ('refused_rate', 'refused_successes', 'refused_trials'),
        ('control_rate', 'control_successes', 'control_trials')],
    'mart_external_reviews': [
        ('very_negative_rate', 'very_negative_count', 'review_count'),
        ('external_csat_rate', 'satisfied_count', 'review_count')],
    'mart_repairability_benchmark': [
        ('fixed_rate', 'fixed_repairs', 'known_outcomes'),
        ('end_of_life_rate', 'end_of_life_repairs', 'known_outcomes')],
    'mart_repairability_faults': [
        ('fault_fixed_rate', 'labelled_fixed_repairs', 'labelled_outcomes')],
    'mart_repair_benchmark_comparison': [
        ('own_fixed_rate', 'own_fixed_repairs', 'attempted_repairs'),
        ('public_fixed_rate', 'public_fixed_repairs', 'public_outcomes')],
    'mart_grade_model_calibration': [('correct_rate', 'correct_count', 'evaluation_count')],
    'mart_grade_model_classes': [
        ('precision_rate', 'correct_count', 'predicted_count'),
        ('recall_rate', 'correct_count', 'verified_count')],
    'mart_grade_model_fairness': [
        ('accuracy_rate', 'correct_count', 'evaluation_count'),
        ('refurbisher_accuracy_rate', 'refurbisher_correct_count', 'evaluation_count')],
    'mart_grade_model_outcomes': [
        ('confirmed_rate', 'confirmed_count', 'observed_count'),
        ('error_rate', 'error_count', 'error_base_count')],
    'mart_grade_model_quality': [('accuracy_rate', 'correct_count', 'evaluation_count')],
    'mart_grade_agreement': [
        ('exact_agreement_rate', 'exact_evaluations', 'evaluations'),
        ('adjacent_agreement_rate', 'adjacent_evaluations', 'evaluations'),
        ('overgraded_rate', 'overgraded_evaluations', 'evaluations')],
    'mart_perceived_vs_announced': [
        ('worse_than_announced_rate', 'worse_ratings', 'perceived_ratings')],
    'mart_grade_return_rate': [
        ('return_30d_rate', 'returned_units', 'ordered_units'),
        ('condition_return_30d_rate', 'condition_returned_units', 'ordered_units')],
    'mart_refurbisher_condition_returns': [
        ('condition_return_rate', 'condition_returned_units', 'ordered_units')],
    'mart_refurbisher_components': [
        ('concordance_rate', 'conform_evaluations', 'compared_evaluations'),
        ('overgraded_rate', 'overgraded_evaluations', 'compared_evaluations'),
        ('upheld_dispute_rate', 'upheld_disputes', 'decided_disputes')],
    'mart_grading_daily': [
        ('acceptance_rate', 'accepted_suggestions', 'suggestions_shown'),
        ('validated_rate', 'validated_gradings', 'evaluations'),
        ('price_adjustment_rate', 'repriced_gradings', 'corrected_gradings'),
        ('return_30d_rate', 'returned_units_30d', 'matured_units')],
    'mart_refurbisher_board': [
        ('return_30d_rate', 'returned_units_30d', 'matured_units'),
        ('concordance_rate', 'no_gap_evaluations', 'compared_evaluations')],
    'mart_refurbisher_months': [
        ('return_30d_rate', 'returned_units_30d', 'ordered_units'),
        ('market_return_30d_rate', 'market_returned_units_30d', 'market_ordered_units')],
    'mart_refurbisher_categories': [
        ('concordance_rate', 'conform_evaluations', 'compared_evaluations'),
        ('market_concordance_rate', 'market_conform_evaluations', 'market_compared_evaluations')],
    'mart_refurbisher_motives': [('motive_share', 'return_events', 'all_return_events')],
    'mart_marketplace_health': [
        ('condition_return_rate', 'condition_returned_units', 'ordered_units'),
        ('refund_rate', 'refunded_lines', 'shipped_lines'),
        ('dispute_rate', 'disputed_lines', 'shipped_lines'),
        ('condition_return_30d_rate', 'condition_returned_units_30d', 'ordered_units'),
        ('refund_30d_rate', 'refunded_lines_30d', 'shipped_lines'),
        ('dispute_30d_rate', 'disputed_lines_30d', 'shipped_lines'),
        ('conversion_rate', 'ordering_sessions', 'viewing_sessions')],
} %}
{% set ratios = [
    ('mart_repair_efficiency', 'return_rate', 'returned_units', 'ordered_units'),
    ('mart_repair_efficiency', 'repeat_repair_rate', 'repeat_repaired_units', 'followed_up_units'),
    ('mart_repair_efficiency', 'mean_turnaround_days', 'turnaround_days_sum', 'finished_repairs'),
    ('mart_repair_efficiency', 'repair_efficiency', '1 - return_rate', 'mean_turnaround_days'),
    ('mart_repair_efficiency', 'repair_efficiency_repaired_only', '1 - repeat_repair_rate',
     'mean_turnaround_days'),
    ('mart_category_repairs', 'repeat_repair_rate', 'repeat_repaired_units', 'followed_up_units'),
    ('mart_category_repairs', 'mean_turnaround_days', 'turnaround_days_sum', 'finished_repairs'),
    ('mart_category_repairs', 'mean_repair_cost_eur', 'repair_cost_eur', 'costed_repairs'),
    ('mart_category_repairs', 'repair_cost_ratio', 'priced_repair_cost_eur',
     'repaired_units_price_eur'),
    ('mart_supplier_mix_adjusted', 'observed_expected_ratio', 'defect_returned_units',
     'expected_defect_units'),
    ('mart_supplier_mix_adjusted', 'leave_one_out_ratio', 'compared_defect_units',
     'expected_defect_units_of_others'),
    ('mart_supplier_mix_adjusted', 'expected_rate', 'expected_defect_units', 'ordered_units'),
    ('mart_supplier_delivery', 'mean_lead_time_days', 'lead_time_days_sum', 'delivered_lines'),
    ('mart_supplier_delivery', 'mean_handling_days', 'handling_days_sum', 'handled_lines'),
    ('mart_supplier_voices', 'avg_rating', 'rating_sum', 'rating_count'),
    ('mart_supplier_voices', 'avg_agent_rating', 'agent_rating_sum', 'agent_rating_count'),
    ('mart_transit_quality', 'mean_transit_days', 'transit_days_sum', 'delivered_parcels'),
    ('mart_service_response', 'mean_first_response_hours', 'first_response_hours_sum',
     'answered_cases'),
    ('mart_service_response', 'mean_first_response_business_hours',
     'first_response_business_hours_sum', 'answered_cases'),
    ('mart_service_response', 'mean_resolution_days', 'resolution_days_sum', 'closed_cases'),
    ('mart_return_cycle', 'mean_phase_days', 'phase_days_sum', 'phase_returns'),
    ('mart_return_cycle', 'days_per_closed_return', 'phase_days_sum', 'closed_returns'),
    ('mart_transit_times', 'mean_transit_days', 'transit_days_sum', 'delivered_parcels'),
    ('mart_repair_coverage', 'mean_failure_cost_eur', 'costed_failure_cost_eur',
     'costed_defect_units'),
    ('mart_budget_impact', 'repair_budget_ratio', 'repair_cost_eur', 'defect_revenue_eur'),
    ('mart_refusal_outcomes', 'after_avg_rating', 'score_sum', 'rated_events'),
    ('mart_refusal_comparison', 'matched_coverage_rate', 'matched_refused_trials',
     'refused_trials'),
    ('mart_refusal_comparison', 'matched_refused_rate', 'matched_refused_successes',
     'matched_refused_trials'),
    ('mart_refusal_comparison', 'matched_control_rate', 'expected_control_successes',
     'matched_refused_trials'),
    ('mart_external_reviews', 'avg_score', 'score_sum', 'review_count'),
    ('mart_repairability_benchmark', 'mean_product_age_years', 'product_age_years_sum',
     'aged_products'),
    ('mart_grade_model_calibration', 'mean_confidence', 'confidence_sum', 'evaluation_count'),
    ('mart_grade_model_classes', 'f1_score', '2 * correct_count',
     '(verified_count + predicted_count)'),
    ('mart_grade_agreement', 'mean_grade_gap', 'grade_gap_sum', 'evaluations'),
    ('mart_perceived_vs_announced', 'mean_perceived_gap', 'perceived_gap_sum',
     'perceived_ratings'),
    ('mart_refurbisher_trend', 'latest_concordance_rate', 'latest_conform_evaluations',
     'latest_evaluations'),
    ('mart_refurbisher_trend', 'previous_concordance_rate', 'previous_conform_evaluations',
     'previous_evaluations'),
    ('mart_refurbisher_condition_returns', 'observed_expected_ratio', 'condition_returned_units',
     'expected_condition_returned_units'),
    ('mart_refurbisher_components', 'mean_grade_gap', 'grade_gap_sum', 'compared_evaluations'),
    ('mart_refurbisher_confidence', 'concordance_rate', 'conform_evaluations',
     'compared_evaluations'),
    ('mart_refurbisher_confidence', 'overgraded_rate', 'overgraded_evaluations',
     'compared_evaluations'),
    ('mart_refurbisher_confidence', 'upheld_dispute_rate', 'upheld_disputes', 'decided_disputes'),
    ('mart_grading_daily', 'mean_resolution_hours', 'resolution_hours_sum', 'disputes_closed'),
    ('mart_grading_daily', 'mean_perceived_gap', 'perceived_gap_sum', 'perceived_grades'),
    ('mart_refurbisher_board', 'previous_return_30d_rate', 'previous_returned_units_30d',
     'previous_matured_units'),
    ('mart_refurbisher_board', 'previous_concordance_rate', 'previous_no_gap_evaluations',
     'previous_compared_evaluations'),
    ('mart_refurbisher_board', 'slight_gap_rate', 'slight_gap_evaluations',
     'compared_evaluations'),
    ('mart_refurbisher_board', 'important_gap_rate', 'important_gap_evaluations',
     'compared_evaluations'),
    ('mart_refurbisher_motives', 'market_motive_share', 'market_motive_events',
     'market_return_events'),
    ('mart_marketplace_health', 'average_order_value_eur', 'revenue_eur', 'priced_orders'),
] %}
{% for model in ['mart_product_satisfaction', 'mart_supplier_satisfaction'] %}
{% do ratios.append((model, 'response_rate', 'rated_delivered_lines', 'delivered_lines')) %}
{% for phase in [''] + rating_phases() %}
{% set prefix = phase ~ '_' if phase else '' %}
{% do ratios.append(
    (model, prefix ~ 'avg_rating', prefix ~ 'rating_sum', prefix ~ 'rating_count')) %}
{% endfor %}
{% endfor %}
{% for model, columns in rates.items() %}
{% for rate_name, numerator, denominator in columns %}
{{ rows_unlike_rate(model, rate_name, numerator, denominator) }}

union all
{% endfor %}
{% endfor %}
{% for model, ratio_name, numerator, denominator in ratios %}
{{ rows_unlike_ratio(model, ratio_name, numerator, denominator) }}
{{ 'union all' if not loop.last }}
{% endfor %}
