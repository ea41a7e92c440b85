-- What each returned unit was sold for, and what it cost after that: repairs, parcels of its
-- returns and refunds. Each amount counts once.
-- Grain: one row per (order_line_id, unit_number) that came back.
with returns as (
    select * from {{ ref('fct_returns') }}
),

repairs as (
    select
        return_line_id,
        sum(repair_cost_eur) as repair_cost_eur,
        count(*) filter (where repair_cost_eur is null) as unknown_amounts
    from {{ ref('fct_repairs') }}
    group by return_line_id
),

parcels as (
    select
        return_line_id,
        sum(cost_eur) as parcel_cost_eur,
        count(*) filter (where cost_eur is null) as unknown_amounts
    from {{ ref('fct_shipments') }}
    where leg <> 'outbound'
    group by return_line_id
),

refunds as (
    select
        return_line_id,
        sum(amount_eur) as refund_eur,
        count(*) filter (where amount_eur is null) as unknown_amounts
    from {{ ref('fct_refunds') }}
    group by return_line_id
),

by_unit as (
    select
        returns.order_line_id,
        returns.unit_number,
        sum(repairs.repair_cost_eur) as repair_cost_eur,
        -- what a repair cost has the freight in it that pays for the parcels of its return
        sum(case
            when repairs.repair_cost_eur is not null then parcels.parcel_cost_eur
        end) as parcels_in_repair_eur,
        sum(case
            when repairs.repair_cost_eur is null then parcels.parcel_cost_eur
        end) as return_freight_eur,
        sum(refunds.refund_eur) as refund_eur,
        sum(
            coalesce(repairs.unknown_amounts, 0)
            + case
                when repairs.repair_cost_eur is null then coalesce(parcels.unknown_amounts, 0)
                else 0
            end
            + coalesce(refunds.unknown_amounts, 0)
        ) as unknown_amounts
    from returns
    left join repairs
        on returns.return_line_id = repairs.return_line_id
    left join parcels
        on returns.return_line_id = parcels.return_line_id
    left join refunds
        on returns.return_line_id = refunds.return_line_id
    group by returns.order_line_id, returns.unit_number
)

select
    -- keys
    units.order_line_id,
    units.unit_number,
    units.supplier_id,
    units.product_id,

    -- attributes
    units.unit_outcome,

    -- measures: 0 where nothing was paid, null where that is not known
    units.sale_price_eur,
    {% for amount, known_when in [
        ('repair_cost_eur', 'repair_events'),
        ('return_freight_eur', 'service_parcels'),
        ('parcels_in_repair_eur', 'service_parcels'),
        ('refund_eur', 'refund_events'),
    ] -%}
    cast(case
        when units.{{ known_when }} is not null then coalesce(by_unit.{{ amount }}, 0)
    end as decimal(18, 4)) as {{ amount }},
    {% endfor -%}
    cast(by_unit.unknown_amounts as integer) as unknown_amounts,

    -- booleans
    case
        when units.has_confirmed_defect is not null
            then units.is_defect_returned or units.has_confirmed_defect
    end as is_defect_unit,
    units.has_confirmed_defect,
    case
        when units.repair_events + units.service_parcels + units.refund_events is not null
            -- no extract says what a replacement costs
            then by_unit.unknown_amounts = 0 and units.unit_outcome not in ('pending', 'replaced')
    end as is_cost_complete,

    -- times
    units.order_month
from {{ ref('fct_returned_units') }} as units
inner join by_unit
    on
        units.order_line_id = by_unit.order_line_id
        and units.unit_number = by_unit.unit_number
