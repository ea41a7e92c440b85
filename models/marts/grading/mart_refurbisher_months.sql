-- How the return rate of a refurbisher develops beside that of the marketplace, over the same 30
-- days for every month of the order. The last months are not mature: their 30 days are not over.
-- Grain: one row per (supplier_id, order_month) with an order line.
with months as (
    select
        supplier_id,
        order_month,
        cast(sum(ordered_units) as bigint) as ordered_units,
        cast(sum(returned_units_30d) as bigint) as returned_units_30d
    from {{ ref('fct_order_lines') }}
    group by supplier_id, order_month
),

compared as (
    select
        *,
        cast(sum(ordered_units) over (partition by order_month) as bigint) as market_ordered_units,
        cast(sum(returned_units_30d) over (partition by order_month) as bigint)
            as market_returned_units_30d
    from months
)

select
    compared.supplier_id,
    compared.order_month,
    compared.ordered_units,
    compared.returned_units_30d,
    {{ rate_with_bounds(
        'compared.returned_units_30d', 'compared.ordered_units', 'return_30d_rate'
    ) }},
    compared.market_ordered_units,
    compared.market_returned_units_30d,
    {{ rate_with_bounds(
        'compared.market_returned_units_30d', 'compared.market_ordered_units',
        'market_return_30d_rate'
    ) }},
    coalesce(calendar.is_mature_30d, false) as is_mature_30d
from compared
left join {{ ref('dim_dates') }} as calendar
    on compared.order_month = calendar.date_day
