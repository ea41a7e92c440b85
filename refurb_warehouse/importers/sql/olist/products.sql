-- Products with the English category; the Portuguese one where no translation exists.
-- Grain: one row per product row.
with translations as (
    select
        product_category_name,
        min(product_category_name_english) as product_category_name_english
    from source.category_names
    group by product_category_name
)

select
    products.product_id,
    coalesce(
        translations.product_category_name_english,
        products.product_category_name
    ) as category,
    null as brand,
    null as model,
    null as storage_gb,
    null as is_unlocked
from source.products as products
left join translations
    on products.product_category_name = translations.product_category_name
