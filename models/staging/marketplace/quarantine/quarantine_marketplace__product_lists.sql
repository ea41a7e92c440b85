-- Raw product lists that failed a check, break a reference or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'product_lists',
    references=[
        {'column': 'product_id', 'to': 'products', 'key': 'product_id'},
        {'column': 'supplier_id', 'to': 'suppliers', 'key': 'supplier_id'},
        {'column': 'announced_grade', 'seed': 'grade_scale', 'key': 'grade'},
        {'column': 'currency_code',
         'to': 'fx_rates',
         'key': 'currency_code',
         'is_repeated': true,
         'when': "product_lists.currency_code <> 'EUR'"},
    ]
) }}
