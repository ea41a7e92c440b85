-- Raw order lines that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'order_lines',
    references=[
        {'column': 'order_id', 'to': 'orders', 'key': 'order_id'},
        {'column': 'product_list_id',
         'to': 'product_lists',
         'key': 'product_list_id',
         'alias': 'offers',
         'is_repeated': true},
        {'column': 'product_list_id',
         'to': 'product_lists',
         'key': 'product_list_id',
         'on': (
             'orders.ordered_at >= product_lists.valid_from '
             'and (orders.ordered_at < product_lists.valid_to '
             'or product_lists.valid_to is null)'),
         'reason': 'no version of the offer is valid at the time of the order'},
    ]
) }}
