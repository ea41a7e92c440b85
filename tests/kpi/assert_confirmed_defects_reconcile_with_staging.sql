-- Confirmed defect and transit damaged units of the fact are the distinct units of staging.
with fact as (
    select
        coalesce(sum(confirmed_defect_units), 0) as confirmed_defect_units,
        coalesce(sum(transit_damaged_units), 0) as transit_damaged_units
    from {{ ref('fct_order_lines') }}
),

diagnosed as (
    select
        defects.attribution,
        defects.is_confirmed,
        concat_ws(
            '|', return_lines.order_line_id, cast(return_lines.unit_number as string)
        ) as unit
    from {{ ref('stg_marketplace__defects') }} as defects
    inner join {{ ref('stg_marketplace__return_lines') }} as return_lines
        on defects.return_line_id = return_lines.return_line_id
),

staged as (
    select
        count(distinct case
            when is_confirmed and attribution not in ('carrier', 'customer', 'none') then unit
        end) as confirmed_defect_units,
        count(distinct case when attribution = 'carrier' then unit end) as transit_damaged_units
    from diagnosed
)

select
    fact.confirmed_defect_units,
    staged.confirmed_defect_units as staged_confirmed_defect_units,
    fact.transit_damaged_units,
    staged.transit_damaged_units as staged_transit_damaged_units
from fact
cross join staged
where
    fact.confirmed_defect_units is distinct from staged.confirmed_defect_units
    or fact.transit_damaged_units is distinct from staged.transit_damaged_units
