-- Every order line with its units, and what became of them.
-- Grain: one row per order_line_id.
with order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

deliveries as (
    select * from {{ ref('int_line_deliveries') }}
),

line_returns as (
    select * from {{ ref('int_line_returns') }}
),

line_repairs as (
    select * from {{ ref('int_line_repairs') }}
),

rated_lines as (
    select * from {{ ref('int_rated_lines') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
)

select
    -- keys
    order_lines.order_line_id,
    order_lines.order_id,
    {{ keyed_hash('customer', 'order_lines.customer_id') }} as customer_id,
    order_lines.offer_version_id,
    order_lines.supplier_id,
    order_lines.product_id,

    -- attributes
    order_lines.state,
    order_lines.country_code,
    order_lines.currency_code,

    -- measures: null where the extract that would tell was not delivered
    order_lines.quantity,
    order_lines.unit_price,
    order_lines.eur_rate,
    order_lines.unit_price_eur,
    order_lines.ordered_units,
    cast(case
        when not presence.has_shipments then null
        when deliveries.delivered_at is null then 0
        else order_lines.ordered_units
    end as integer) as delivered_units,
    {% for measure in [
        'returned_units', 'returned_units_30d', 'return_events', 'defect_returned_units'
    ] -%}
    cast(case
        when presence.has_return_lines then coalesce(line_returns.{{ measure }}, 0)
    end as integer) as {{ measure }},
    {% endfor -%}
    {% for measure in ['confirmed_defect_units', 'transit_damaged_units'] -%}
    cast(case
        when presence.has_return_lines and presence.has_defects
            then coalesce(line_returns.{{ measure }}, 0)
    end as integer) as {{ measure }},
    {% endfor -%}
    cast(case
        when presence.has_repairs then coalesce(line_repairs.repair_events, 0)
    end as integer) as repair_events,

    -- booleans
    case
        when presence.has_ratings then rated_lines.order_line_id is not null
    end as is_rated,

    -- times
    order_lines.order_month,
    order_lines.order_date,
    order_lines.ordered_at,
    order_lines.promised_at,
    deliveries.shipped_at,
    deliveries.delivered_at,
    line_returns.first_return_requested_at
from order_lines
left join deliveries
    on order_lines.order_line_id = deliveries.order_line_id
left join line_returns
    on order_lines.order_line_id = line_returns.order_line_id
left join line_repairs
    on order_lines.order_line_id = line_repairs.order_line_id
left join rated_lines
    on order_lines.order_line_id = rated_lines.order_line_id
cross join presence
