-- Raw customers that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'customers',
    references=[
        {'column': 'user_id', 'to': 'users', 'key': 'user_id'},
    ]
) }}
