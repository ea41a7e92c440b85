-- Codes that are no products, with the rows left out.
-- Grain: one row per code.
select
    product_code,
    count(*) as rows
from work.rows
where kind in ('pseudo_sale', 'pseudo_return')
group by product_code
order by rows desc, product_code
