-- Raw claims that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'claims',
    references=[
        {'column': 'subject_id',
         'to': 'order_lines',
         'key': 'order_line_id',
         'when': "claims.subject_type = 'order_line'"},
        {'column': 'subject_id',
         'to': 'product_evaluations',
         'key': 'evaluation_id',
         'when': "claims.subject_type = 'evaluation'"},
    ]
) }}
