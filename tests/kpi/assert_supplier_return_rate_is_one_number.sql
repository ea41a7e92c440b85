-- The return rate inside the efficiency index is the one of the defect mart, over all cohorts.
with defects as (
    select
        supplier_id,
        sum(ordered_units) as ordered_units,
        sum(returned_units) as returned_units
    from {{ ref('mart_supplier_defects') }}
    group by supplier_id
),

efficiency as (
    select * from {{ ref('mart_repair_efficiency') }}
)

select
    coalesce(efficiency.supplier_id, defects.supplier_id) as supplier_id,
    efficiency.return_rate
from efficiency
full outer join defects
    on efficiency.supplier_id = defects.supplier_id
where
    efficiency.ordered_units is distinct from defects.ordered_units
    or efficiency.returned_units is distinct from defects.returned_units
    or abs(
        efficiency.return_rate
        - cast(defects.returned_units as double) / nullif(defects.ordered_units, 0)
    ) > 1E-12
