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
    ],
    lookups=[{'to': 'orders', 'on': 'order_lines.order_id = orders.order_id'}],
    rules=[
        {'column': 'opened_at',
         'breaks_when': "claims.subject_type = 'order_line' and claims.opened_at < orders.ordered_at",
         'reason': 'before the order'},
        {'column': 'opened_at',
         'breaks_when': "claims.subject_type = 'evaluation' and claims.opened_at < product_evaluations.evaluated_at",
         'reason': 'before the evaluation'},
    ]
) }}
