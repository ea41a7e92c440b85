-- One line of more units than large_line_quantity moves every rate of its supplier. A warning,
-- because wholesale is not an error; a typing error that the bound of the contract lets pass is.
{{ config(severity='warn') }}

select
    order_line_id,
    supplier_id,
    quantity
from {{ ref('fct_order_lines') }}
where quantity > {{ var('large_line_quantity') }}
