-- Raw repairs that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'repairs',
    references=[
        {'column': 'return_line_id', 'to': 'return_lines', 'key': 'return_line_id'},
        {'column': 'currency_code', 'to': 'fx_rates', 'key': 'currency_code', 'is_repeated': true,
         'when': "repairs.currency_code <> 'EUR'"},
    ],
    rules=[
        {'column': 'return_line_id',
         'breaks_when': "return_lines.decision = 'refused'",
         'reason': 'repair of a refused return'},
        {'column': 'sent_to_service_at',
         'breaks_when': 'repairs.sent_to_service_at < return_lines.requested_at',
         'reason': 'before the return was requested'},
    ]
) }}
