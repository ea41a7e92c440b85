-- Raw product evaluations that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'product_evaluations',
    references=[
        {'column': 'product_list_id',
         'to': 'product_lists',
         'key': 'product_list_id',
         'alias': 'offers',
         'is_repeated': true},
        {'column': 'product_list_id',
         'to': 'product_lists',
         'key': 'product_list_id',
         'on': (
             'product_evaluations.evaluated_at >= product_lists.valid_from '
             'and (product_evaluations.evaluated_at < product_lists.valid_to '
             'or product_lists.valid_to is null)'),
         'reason': 'no version of the offer is valid at the time of the evaluation'},
        {'column': 'assigned_grade',
         'seed': 'grade_scale',
         'key': 'grade',
         'alias': 'assigned_grades'},
        {'column': 'suggested_grade',
         'seed': 'grade_scale',
         'key': 'grade',
         'alias': 'suggested_grades'},
    ]
) }}
