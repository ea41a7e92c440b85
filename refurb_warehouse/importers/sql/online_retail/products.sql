-- Products that were sold, under their most frequent description; descriptions of rows without a
-- price are notes of the warehouse and stand back.
-- Grain: one row per product code.
with descriptions as (
    select
        product_code,
        trim(description) as description,
        coalesce(bool_or(unit_price > 0), false) as was_priced,
        count(*) as rows
    from work.lines
    where kind = 'sale' and product_code is not null
    group by product_code, trim(description)
),

ranked as (
    select
        product_code,
        description,
        row_number() over (
            partition by product_code
            order by description is null, was_priced desc, rows desc, description
        ) as preference
    from descriptions
)

select
    product_code as product_id,
    null as category,
    null as brand,
    description as model,
    null as storage_gb,
    null as is_unlocked
from ranked
where preference = 1
