-- The page on a supplier: its rates on mature cohorts, crude, shrunk and adjusted for its mix, how
-- sure they are, where it is heading, what people think of it, and a verdict in plain words.
-- Grain: one row per supplier_id with an ordered unit.
with mature_rates as (
    select
        supplier_id,
        {{ unit_counts() }}
    from {{ ref('mart_supplier_defects') }}
    where is_mature_30d
    group by supplier_id
),

judged as (
    select
        delivery.supplier_id,
        delivery.as_of_date,
        coalesce(funnel.is_rankable, false) as is_rankable,
        -- the first that applies; what each means and asks for is in scorecard_verdicts
        case
            when not coalesce(funnel.is_rankable, false) then 'too_few_units'
            when adjusted.observed_expected_ratio_low > {{ var('act_above_ratio') }}
                then 'far_more_defects_than_expected'
            when adjusted.observed_expected_ratio_low > 1 then 'more_defects_than_expected'
            when trend.trend = 'worsening' then 'worsening'
            when adjusted.observed_expected_ratio_high < 1 then 'fewer_defects_than_expected'
            else 'as_expected'
        end as verdict_reason
    from {{ ref('mart_supplier_delivery') }} as delivery
    left join {{ ref('mart_supplier_mix_adjusted') }} as adjusted
        on delivery.supplier_id = adjusted.supplier_id
    left join {{ ref('mart_supplier_funnel') }} as funnel
        on delivery.supplier_id = funnel.supplier_id
    left join {{ ref('mart_supplier_trend') }} as trend
        on delivery.supplier_id = trend.supplier_id
),

ranked as (
    select
        judged.supplier_id,
        row_number() over (
            order by adjusted.observed_expected_ratio_low desc, judged.supplier_id asc
        ) as quality_rank
    from judged
    inner join {{ ref('mart_supplier_mix_adjusted') }} as adjusted
        on judged.supplier_id = adjusted.supplier_id
    where judged.is_rankable
)

select
    judged.supplier_id,
    suppliers.supplier_name,
    suppliers.supplier_type,
    verdicts.verdict,
    judged.verdict_reason,
    trend.trend,
    funnel.funnel_zone,
    coalesce(mature_rates.ordered_units, 0) as ordered_units,
    mature_rates.returned_units,
    mature_rates.defect_returned_units,
    mature_rates.confirmed_defect_units,
    {{ rate_with_bounds(
        'mature_rates.returned_units', 'mature_rates.ordered_units', 'return_rate'
    ) }},
    {{ rate_with_bounds(
        'mature_rates.defect_returned_units', 'mature_rates.ordered_units', 'defect_return_rate'
    ) }},
    {{ rate_with_bounds(
        'mature_rates.confirmed_defect_units', 'mature_rates.ordered_units', 'confirmed_defect_rate'
    ) }},
    shrunk.shrunk_defect_return_rate,
    adjusted.adjusted_defect_return_rate,
    adjusted.expected_defect_units,
    adjusted.observed_expected_ratio,
    adjusted.observed_expected_ratio_low,
    adjusted.observed_expected_ratio_high,
    adjusted.leave_one_out_ratio,
    shrunk.probability_above_target,
    funnel.funnel_z,
    cast(ranked.quality_rank as integer) as quality_rank,
    trend.defect_return_30d_delta_points,
    delivery.mean_lead_time_days,
    delivery.on_time_rate,
    voices.avg_rating,
    voices.csat_rate,
    voices.avg_agent_rating,
    voices.agent_csat_rate,
    voices.open_cases,
    judged.is_rankable,
    judged.as_of_date
from judged
left join {{ ref('scorecard_verdicts') }} as verdicts
    on judged.verdict_reason = verdicts.verdict_reason
left join {{ ref('dim_suppliers') }} as suppliers
    on judged.supplier_id = suppliers.supplier_id
left join mature_rates
    on judged.supplier_id = mature_rates.supplier_id
left join {{ ref('mart_supplier_mix_adjusted') }} as adjusted
    on judged.supplier_id = adjusted.supplier_id
left join {{ ref('mart_supplier_funnel') }} as funnel
    on judged.supplier_id = funnel.supplier_id
left join {{ ref('mart_supplier_shrunk_rates') }} as shrunk
    on judged.supplier_id = shrunk.supplier_id
left join {{ ref('mart_supplier_trend') }} as trend
    on judged.supplier_id = trend.supplier_id
left join {{ ref('mart_supplier_delivery') }} as delivery
    on judged.supplier_id = delivery.supplier_id
left join {{ ref('mart_supplier_voices') }} as voices
    on judged.supplier_id = voices.supplier_id
left join ranked
    on judged.supplier_id = ranked.supplier_id
