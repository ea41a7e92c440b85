-- Raw messages that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'messages',
    references=[
        {'column': 'subject_id',
         'to': 'return_lines',
         'key': 'return_line_id',
         'when': "messages.subject_type = 'return_line'"},
        {'column': 'subject_id',
         'to': 'claims',
         'key': 'claim_id',
         'when': "messages.subject_type = 'claim'"},
    ]
) }}
