-- Rows of sales as order lines; copies of a row repeat its line.
-- Grain: one row per source row of a sale.
select
    line_id as order_line_id,
    invoice as order_id,
    product_code as product_list_id,
    quantity,
    price as unit_price,
    'shipped' as state,
    null as promised_at
from work.lines
cross join range(copies)
where kind = 'sale'
