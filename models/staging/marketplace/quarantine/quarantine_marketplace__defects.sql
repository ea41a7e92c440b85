-- Raw defects that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'defects',
    references=[
        {'column': 'return_line_id', 'to': 'return_lines', 'key': 'return_line_id'},
    ],
    rules=[
        {'column': 'diagnosed_at',
         'breaks_when': 'defects.diagnosed_at < return_lines.requested_at',
         'reason': 'before the return was requested'},
    ]
) }}
