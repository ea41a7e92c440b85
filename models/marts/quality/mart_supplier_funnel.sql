-- Where a supplier stands among its peers: how far from what its mix would bring, between limits
-- that widen for small suppliers and with what differs among suppliers anyway (Spiegelhalter 2005).
-- Grain: one row per supplier_id of mart_supplier_mix_adjusted.
with suppliers as (
    select
        *,
        {{ funnel_z('defect_returned_units', 'ordered_units', 'expected_rate') }} as funnel_z
    from {{ ref('mart_supplier_mix_adjusted') }}
),

tails as (
    -- the tenth at either end says who is unusual, not how much suppliers usually differ
    select
        {{ percentile('funnel_z', ['0.1E0', '0.9E0'], 0) }} as low_z,
        {{ percentile('funnel_z', ['0.1E0', '0.9E0'], 1) }} as high_z
    from suppliers
),

spread as (
    select
        {{ overdispersion_factor(
            winsorised('suppliers.funnel_z', 'tails.low_z', 'tails.high_z')
        ) }} as overdispersion
    from suppliers
    cross join tails
),

placed as (
    select
        suppliers.supplier_id,
        suppliers.ordered_units,
        suppliers.defect_returned_units,
        suppliers.expected_rate,
        suppliers.as_of_date,
        suppliers.funnel_z,
        suppliers.funnel_z / sqrt(spread.overdispersion) as adjusted_z,
        spread.overdispersion,
        suppliers.ordered_units >= {{ var('min_rankable_units') }}
        and suppliers.expected_defect_units >= {{ var('min_expected_defects') }} as is_rankable
    from suppliers
    cross join spread
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
    is_rankable,
    as_of_date
from placed
