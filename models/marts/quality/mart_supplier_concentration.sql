-- On how few suppliers a category depends, by order month.
-- Grain: one row per (category, order_month) with an ordered unit.
with sold as (
    select
        category,
        order_month,
        supplier_id,
        as_of_date,
        ordered_units,
        row_number() over (
            partition by category, order_month
            order by ordered_units desc, supplier_id asc
        ) as size_rank
    from {{ ref('mart_category_defects') }}
    where ordered_units > 0
),

added_up as (
    select
        category,
        order_month,
        max(as_of_date) as as_of_date,
        count(*) as supplier_number,
        cast(sum(ordered_units) as bigint) as ordered_units,
        cast(sum(case when size_rank <= 5 then ordered_units end) as bigint)
            as top_five_ordered_units,
        cast(sum(ordered_units * ordered_units) as bigint) as squared_units_sum
    from sold
    group by category, order_month
)

select
    category,
    order_month,
    supplier_number,
    ordered_units,
    top_five_ordered_units,
    {{ rate('top_five_ordered_units', 'ordered_units') }} as top_five_share,
    {{ rate('squared_units_sum', 'cast(ordered_units as double) * ordered_units') }}
        as herfindahl_index,
    as_of_date
from added_up
