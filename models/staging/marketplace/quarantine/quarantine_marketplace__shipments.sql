-- Raw shipments that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'shipments',
    references=[
        {'column': 'order_line_id', 'to': 'order_lines', 'key': 'order_line_id'},
        {'column': 'return_line_id', 'to': 'return_lines', 'key': 'return_line_id'},
    ],
    lookups=[{'to': 'orders', 'on': 'order_lines.order_id = orders.order_id'}],
    rules=[
        {'column': 'return_line_id',
         'breaks_when': 'shipments.order_line_id <> return_lines.order_line_id',
         'reason': 'the return is of another line'},
        {'column': 'order_line_id',
         'breaks_when': "shipments.leg = 'outbound' and order_lines.state not in ('shipped', 'refunded_after_shipping')",
         'reason': 'parcel of a line that never shipped'},
        {'column': 'shipped_at',
         'breaks_when': "shipments.leg = 'outbound' and shipments.shipped_at < orders.ordered_at",
         'reason': 'before the order'},
        {'column': 'delivered_at',
         'breaks_when': "shipments.leg = 'outbound' and shipments.delivered_at < orders.ordered_at",
         'reason': 'before the order'},
        {'column': 'shipped_at',
         'breaks_when': "shipments.leg <> 'outbound' and shipments.shipped_at < return_lines.requested_at",
         'reason': 'before the return was requested'},
        {'column': 'delivered_at',
         'breaks_when': "shipments.leg <> 'outbound' and shipments.delivered_at < return_lines.requested_at",
         'reason': 'before the return was requested'},
    ]
) }}
