-- Delivered units are the units of shipped lines that have a delivered outbound parcel.
with fact as (
    select coalesce(sum(delivered_units), 0) as delivered_units
    from {{ ref('fct_order_lines') }}
),

staged as (
    select coalesce(sum(quantity), 0) as delivered_units
    from {{ ref('stg_marketplace__order_lines') }}
    where
        state in ('shipped', 'refunded_after_shipping')
        and order_line_id in (
            select order_line_id
            from {{ ref('stg_marketplace__shipments') }}
            where leg = 'outbound' and delivered_at is not null
        )
)

select
    fact.delivered_units,
    staged.delivered_units as staged_delivered_units
from fact
cross join staged
where fact.delivered_units is distinct from staged.delivered_units
