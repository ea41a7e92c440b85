-- Raw refunds that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'refunds',
    references=[
        {'column': 'order_line_id', 'to': 'order_lines', 'key': 'order_line_id'},
        {'column': 'return_line_id', 'to': 'return_lines', 'key': 'return_line_id'},
        {'column': 'currency_code', 'to': 'fx_rates', 'key': 'currency_code', 'is_repeated': true,
         'when': "refunds.currency_code <> 'EUR'"},
    ],
    lookups=[{'to': 'orders', 'on': 'order_lines.order_id = orders.order_id'}],
    rules=[
        {'column': 'return_line_id',
         'breaks_when': 'refunds.order_line_id <> return_lines.order_line_id',
         'reason': 'the return is of another line'},
        {'column': 'amount',
         'breaks_when': 'refunds.currency_code = orders.currency_code and refunds.amount > order_lines.quantity * order_lines.unit_price',
         'reason': 'above the amount of the line'},
        {'column': 'refunded_at',
         'breaks_when': 'refunds.refunded_at < orders.ordered_at',
         'reason': 'before the order'},
    ]
) }}
