-- Raw return lines that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'return_lines',
    references=[
        {'column': 'order_line_id', 'to': 'order_lines', 'key': 'order_line_id'},
        {'column': 'reason_code', 'seed': 'return_reasons', 'key': 'reason_code'},
    ],
    lookups=[{'to': 'orders', 'on': 'order_lines.order_id = orders.order_id'}],
    rules=[
        {'column': 'order_line_id',
         'breaks_when': "order_lines.state not in ('shipped', 'refunded_after_shipping')",
         'reason': 'return of a line that never shipped'},
        {'column': 'unit_number',
         'breaks_when': 'return_lines.unit_number > order_lines.quantity',
         'reason': 'above the quantity of the line'},
        {'column': 'requested_at',
         'breaks_when': 'return_lines.requested_at < orders.ordered_at',
         'reason': 'before the order'},
    ]
) }}
