-- Raw payments that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'payments',
    references=[
        {'column': 'order_id', 'to': 'orders', 'key': 'order_id'},
        {'column': 'currency_code', 'to': 'fx_rates', 'key': 'currency_code', 'is_repeated': true,
         'when': "payments.currency_code <> 'EUR'"},
    ],
    rules=[
        {'column': 'paid_at',
         'breaks_when': 'payments.paid_at < orders.ordered_at',
         'reason': 'before the order'},
    ]
) }}
