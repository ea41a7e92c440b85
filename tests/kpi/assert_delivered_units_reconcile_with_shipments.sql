-- Delivered units are the units of shipped lines that have a delivered outbound parcel.
with delivered_lines as (
    select distinct order_line_id
    from {{ ref('stg_marketplace__shipments') }}
    where leg = 'outbound' and delivered_at is not null
),

fact as (
    select coalesce(sum(delivered_units), 0) as delivered_units
    from {{ ref('fct_order_lines') }}
),

staged as (
    select coalesce(sum(order_lines.quantity), 0) as delivered_units
    from {{ ref('stg_marketplace__order_lines') }} as order_lines
    inner join delivered_lines
        on order_lines.order_line_id = delivered_lines.order_line_id
    where order_lines.state in ('shipped', 'refunded_after_shipping')
)

select
    fact.delivered_units,
    staged.delivered_units as staged_delivered_units
from fact
cross join staged
where fact.delivered_units is distinct from staged.delivered_units
