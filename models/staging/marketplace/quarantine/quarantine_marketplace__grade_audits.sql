-- Raw grade audits that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'grade_audits',
    references=[
        {'column': 'evaluation_id', 'to': 'product_evaluations', 'key': 'evaluation_id'},
        {'column': 'verified_grade', 'seed': 'grade_scale', 'key': 'grade'},
    ],
    rules=[
        {'column': 'audited_at',
         'breaks_when': 'grade_audits.audited_at < product_evaluations.evaluated_at',
         'reason': 'before the evaluation'},
    ]
) }}
