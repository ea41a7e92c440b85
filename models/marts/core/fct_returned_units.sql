-- Units that came back, and what became of them, however often they were returned.
-- Grain: one row per (order_line_id, unit_number).
with returned_units as (
    select * from {{ ref('int_returned_units') }}
),

returns as (
    select * from {{ ref('int_returns_classified') }}
),

order_lines as (
    select * from {{ ref('int_returned_lines') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
),

happened as (
    {% for kind, model in [
        ('repair', 'stg_marketplace__repairs'),
        ('parcel', 'stg_marketplace__shipments'),
        ('refund', 'stg_marketplace__refunds'),
    ] -%}
    select
        '{{ kind }}' as kind,
        return_line_id
    from {{ ref(model) }}
    {{ "where leg <> 'outbound'" if kind == 'parcel' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

by_unit as (
    select
        returns.order_line_id,
        returns.unit_number,
        count(*) filter (where happened.kind = 'repair') as repair_events,
        count(*) filter (where happened.kind = 'parcel') as service_parcels,
        count(*) filter (where happened.kind = 'refund') as refund_events
    from happened
    inner join returns
        on happened.return_line_id = returns.return_line_id
    group by returns.order_line_id, returns.unit_number
)

select
    -- keys
    returned_units.order_line_id,
    returned_units.unit_number,
    order_lines.supplier_id,
    order_lines.product_id,

    -- attributes
    returned_units.unit_outcome,

    -- measures: null where the extract that would tell was not delivered
    cast(returned_units.return_events as integer) as return_events,
    {% for measure, known_when in [
        ('repair_events', 'has_repairs'),
        ('service_parcels', 'has_shipments'),
        ('refund_events', 'has_refunds'),
    ] -%}
    cast(case
        when presence.{{ known_when }} then coalesce(by_unit.{{ measure }}, 0)
    end as integer) as {{ measure }},
    {% endfor -%}
    order_lines.unit_price_eur as sale_price_eur,

    -- booleans
    returned_units.is_defect_returned,
    returned_units.has_confirmed_defect,
    returned_units.is_transit_damaged,

    -- times
    order_lines.order_month,
    returned_units.first_return_requested_at,
    returned_units.last_return_requested_at
from returned_units
inner join order_lines
    on returned_units.order_line_id = order_lines.order_line_id
left join by_unit
    on
        returned_units.order_line_id = by_unit.order_line_id
        and returned_units.unit_number = by_unit.unit_number
cross join presence
