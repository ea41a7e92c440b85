-- Raw grade corrections that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'grade_corrections',
    references=[
        {'column': 'evaluation_id', 'to': 'product_evaluations', 'key': 'evaluation_id'},
        {'column': 'grade_before',
         'seed': 'grade_scale',
         'key': 'grade',
         'alias': 'grades_before'},
        {'column': 'grade_after',
         'seed': 'grade_scale',
         'key': 'grade',
         'alias': 'grades_after'},
    ],
    rules=[
        {'column': 'corrected_at',
         'breaks_when': 'grade_corrections.corrected_at < product_evaluations.evaluated_at',
         'reason': 'before the evaluation'},
    ]
) }}
