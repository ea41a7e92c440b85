-- Source rows that no raw table shows.
-- Grain: one row per reason.
with lines as (
    select distinct order_id from work.lines
)

select
    'item rows that are exact copies of another' as what,
    count(*) - count(distinct (order_id, order_item_id, product_id, seller_id, price)) as rows
from source.order_items

union all

select
    'reviews of orders without items' as what,
    count(*) as rows
from source.order_reviews
where order_id is null or order_id not in (select order_id from lines where order_id is not null)
