-- Where a supplier stands among its peers: how far from what its mix would bring, between limits
-- that widen for small suppliers and with what differs among suppliers anyway (Spiegelhalter 2005);
-- its rate shrunk towards the marketplace's; and how surely it exceeds the target.
-- Grain: one row per supplier_id of mart_supplier_mix_adjusted.
with suppliers as (
    select
        *,
        {{ funnel_z('defect_returned_units', 'ordered_units', 'expected_rate') }} as funnel_z
    from {{ ref('mart_supplier_mix_adjusted') }}
),

targets as (
    select target_value
    from {{ ref('kpi_targets') }}
    where kpi_id = 'defect_return_rate'
),

tails as (
    -- the tenth at either end says who is unusual, not how much suppliers usually differ
    select
        percentile_cont(0.1E0) within group (order by funnel_z) as low_z,
        percentile_cont(0.9E0) within group (order by funnel_z) as high_z
    from suppliers
),

spread as (
    select
        {{ overdispersion_factor(
            winsorised('suppliers.funnel_z', 'tails.low_z', 'tails.high_z')
        ) }} as overdispersion,
        {{ kleinman_correlation('suppliers.defect_returned_units', 'suppliers.ordered_units') }}
            as supplier_correlation
    from suppliers
    cross join tails
),

placed as (
    select
        suppliers.supplier_id,
        suppliers.ordered_units,
        suppliers.defect_returned_units,
        suppliers.expected_rate,
        suppliers.market_defect_return_rate,
        suppliers.as_of_date,
        suppliers.funnel_z,
        suppliers.funnel_z / sqrt(spread.overdispersion) as adjusted_z,
        spread.overdispersion,
        spread.supplier_correlation,
        targets.target_value,
        suppliers.ordered_units >= {{ var('min_rankable_units') }}
        and suppliers.expected_defect_units >= {{ var('min_expected_defects') }} as is_rankable
    from suppliers
    cross join spread
    cross join targets
)

select
    supplier_id,
    case
        when adjusted_z > {{ funnel_quantiles()['998'] }} then 'above_99_8'
        when adjusted_z > {{ funnel_quantiles()['95'] }} then 'above_95'
        when adjusted_z < -{{ funnel_quantiles()['998'] }} then 'below_99_8'
        when adjusted_z < -{{ funnel_quantiles()['95'] }} then 'below_95'
        when adjusted_z is not null then 'inside'
    end as funnel_zone,
    ordered_units,
    defect_returned_units,
    {{ rate_with_bounds('defect_returned_units', 'ordered_units', 'defect_return_rate') }},
    expected_rate,
    funnel_z,
    overdispersion,
    {%- for level, quantile in funnel_quantiles().items() %}
    {{ funnel_low('expected_rate', 'ordered_units', quantile, 'overdispersion') }}
        as limit_{{ level }}_low,
    {{ funnel_high('expected_rate', 'ordered_units', quantile, 'overdispersion') }}
        as limit_{{ level }}_high,
    {%- endfor %}
    supplier_correlation,
    {{ shrunk_rate(
        'defect_returned_units', 'ordered_units', 'market_defect_return_rate',
        'supplier_correlation'
    ) }} as shrunk_defect_return_rate,
    cast(target_value as double) as target_defect_return_rate,
    -- the tail of the beta is right to so many decimals
    round({{ probability_above(
        'target_value', 'defect_returned_units', 'ordered_units', 'market_defect_return_rate',
        'supplier_correlation'
    ) }}, 9) as probability_above_target,
    is_rankable,
    as_of_date
from placed
