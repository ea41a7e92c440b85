-- A line sold for more than ten times its offer's price, or less than a tenth of it: a decimal mark
-- that was lost (20000 for 200,00), or another currency than the order says.
{{ config(severity='warn') }}

select
    order_lines.order_line_id,
    order_lines.unit_price,
    offers.unit_price as offer_price,
    order_lines.currency_code
from {{ ref('fct_order_lines') }} as order_lines
inner join {{ ref('dim_offers') }} as offers
    on
        order_lines.offer_version_id = offers.offer_version_id
        and order_lines.currency_code = offers.currency_code
where
    order_lines.unit_price > 10 * offers.unit_price
    or order_lines.unit_price < offers.unit_price / 10
