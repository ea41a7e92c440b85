-- Raw page events that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'page_events',
    references=[
        {'column': 'customer_id', 'to': 'customers', 'key': 'customer_id'},
        {'column': 'product_list_id',
         'to': 'product_lists',
         'key': 'product_list_id',
         'is_repeated': true},
    ]
) }}
