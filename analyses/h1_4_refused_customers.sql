-- H1.4 What do customers think after a refusal, and do they come back? Refused people beside others
-- of the same categories and order months, new or returning customers as they are.
select
    measure,
    control_group as compared_with,
    matched_refused_trials as refused_people,
    round(100 * matched_refused_rate, 1) as percent_refused,
    round(100 * matched_control_rate, 1) as percent_others,
    round(100 * matched_difference, 1) as difference_points,
    round(100 * matched_difference_low, 1) as at_least,
    round(100 * matched_difference_high, 1) as at_most
from {{ ref('mart_refusal_comparison') }}
order by measure, control_group
