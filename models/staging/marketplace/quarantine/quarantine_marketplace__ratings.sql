-- Raw ratings that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'ratings',
    references=[
        {'column': 'order_line_id', 'to': 'order_lines', 'key': 'order_line_id'},
        {'column': 'customer_id', 'to': 'customers', 'key': 'customer_id'},
        {'column': 'perceived_grade', 'seed': 'grade_scale', 'key': 'grade'},
    ],
    lookups=[{'to': 'orders', 'on': 'order_lines.order_id = orders.order_id'}],
    rules=[
        {'column': 'rated_at',
         'breaks_when': 'ratings.rated_at < orders.ordered_at',
         'reason': 'before the order'},
    ]
) }}
