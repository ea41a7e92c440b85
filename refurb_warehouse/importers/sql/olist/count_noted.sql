-- Quirks that were passed on.
-- Grain: one row per quirk.
with ordered as (
    select distinct order_id from work.lines
),

untranslated as (
    select distinct products.product_category_name
    from source.products as products
    anti join source.category_names as category_names
        on products.product_category_name = category_names.product_category_name
    where products.product_category_name is not null
)

select
    'orders without items: no lines' as what,
    count(*) as rows
from source.orders as orders
anti join ordered
    on orders.order_id = ordered.order_id

union all

select
    'lines with a quantity above one' as what,
    count(*) as rows
from work.lines
where quantity > 1

union all

select
    'cancelled orders that the carrier had taken: refunded_after_shipping' as what,
    count(*) as rows
from source.orders
where order_status = 'canceled' and order_delivered_carrier_date is not null

union all

select
    'orders handed to the carrier before they were placed' as what,
    count(*) as rows
from source.orders
where order_delivered_carrier_date < order_purchase_timestamp

union all

select
    'orders delivered before they were handed to the carrier' as what,
    count(*) as rows
from source.orders
where order_delivered_customer_date < order_delivered_carrier_date

union all

select
    'categories without a translation: Portuguese name kept' as what,
    count(*) as rows
from untranslated

union all

select
    'products without a category' as what,
    count(*) as rows
from source.products
where product_category_name is null

union all

select
    'orders delivered during the promised day, after promised_at' as what,
    count(*) as rows
from source.orders
where
    try_cast(order_delivered_customer_date as timestamp)
    > try_cast(order_estimated_delivery_date as timestamp)
    and left(order_delivered_customer_date, 10) = left(order_estimated_delivery_date, 10)
