-- Raw orders that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'orders',
    references=[
        {'column': 'customer_id', 'to': 'customers', 'key': 'customer_id'},
        {'column': 'currency_code',
         'to': 'fx_rates',
         'key': 'currency_code',
         'is_repeated': true,
         'when': "orders.currency_code <> 'EUR'"},
    ]
) }}
