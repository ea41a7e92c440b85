-- How surely a supplier's defect return rate exceeds the target: its rate drawn towards that of the
-- marketplace, the more the fewer its units. Of months whose returns are all but in: the target is
-- for good, and younger units would look better than they will turn out.
-- Grain: one row per supplier_id with an ordered unit in a month that is_mature_365d.
with suppliers as (
    select
        supplier_id,
        cast(sum(ordered_units) as bigint) as ordered_units,
        cast(sum(defect_returned_units) as bigint) as defect_returned_units,
        max(as_of_date) as as_of_date
    from {{ ref('mart_supplier_defects') }}
    where is_mature_365d and ordered_units > 0
    group by supplier_id
),

market as (
    select
        {{ rate('sum(defect_returned_units)', 'sum(ordered_units)') }} as market_rate,
        {{ kleinman_correlation('defect_returned_units', 'ordered_units') }} as supplier_correlation
    from suppliers
),

targets as (
    select target_value
    from {{ ref('kpi_targets') }}
    where kpi_id = 'defect_return_rate'
)

select
    suppliers.supplier_id,
    suppliers.ordered_units,
    suppliers.defect_returned_units,
    {{ rate_with_bounds(
        'suppliers.defect_returned_units', 'suppliers.ordered_units', 'defect_return_rate'
    ) }},
    market.market_rate as market_defect_return_rate,
    market.supplier_correlation,
    {{ shrunk_rate(
        'suppliers.defect_returned_units', 'suppliers.ordered_units', 'market.market_rate',
        'market.supplier_correlation'
    ) }} as shrunk_defect_return_rate,
    cast(targets.target_value as double) as target_defect_return_rate,
    -- the tail of the beta is right to so many decimals
    round({{ probability_above(
        'targets.target_value', 'suppliers.defect_returned_units', 'suppliers.ordered_units',
        'market.market_rate', 'market.supplier_correlation'
    ) }}, 9) as probability_above_target,
    suppliers.as_of_date
from suppliers
cross join market
cross join targets
