-- Raw supplier ratings that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'supplier_ratings',
    references=[
        {'column': 'supplier_id', 'to': 'suppliers', 'key': 'supplier_id'},
        {'column': 'return_line_id', 'to': 'return_lines', 'key': 'return_line_id'},
    ]
) }}
