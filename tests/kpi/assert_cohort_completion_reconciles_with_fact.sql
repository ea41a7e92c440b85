-- Cohorts hold the units of the fact; one whose window is over is counted, not projected: its rate
-- is its returns within the window over its units. A rate lies within its bounds, never above 1.
with fact as (
    select
        supplier_id,
        order_month,
        sum(ordered_units) as ordered_units
    from {{ ref('fct_order_lines') }}
    group by supplier_id, order_month
    having sum(ordered_units) > 0
),

first_returns as (
    select
        supplier_id,
        order_month,
        count(*) filter (where days_from_order <= 30) as returned_units_30d,
        count(*) filter (where days_from_order <= 365) as returned_units_365d
    from {{ ref('fct_returns') }}
    where return_number = 1
    group by supplier_id, order_month
)

select
    fact.supplier_id,
    fact.order_month
from fact
left join {{ ref('mart_cohort_completion') }} as cohorts
    on
        fact.supplier_id = cohorts.supplier_id
        and fact.order_month = cohorts.order_month
left join first_returns
    on
        fact.supplier_id = first_returns.supplier_id
        and fact.order_month = first_returns.order_month
where
    cohorts.ordered_units is distinct from fact.ordered_units
    or cohorts.returned_units_30d <> coalesce(first_returns.returned_units_30d, 0)
    or cohorts.counted_units_30d > cohorts.returned_units_30d
    or cohorts.developed_units_30d > cohorts.ordered_units + 1E-6
    or cohorts.projected_30d_return_rate > 1
    or cohorts.projected_30d_return_rate < cohorts.projected_30d_return_rate_low - 1E-9
    or cohorts.projected_30d_return_rate > cohorts.projected_30d_return_rate_high + 1E-9
    or (
        not cohorts.is_projection_30d
        and (
            abs(cohorts.developed_units_30d - cohorts.ordered_units) > 1E-6
            or cohorts.counted_units_30d <> cohorts.returned_units_30d
        )
    )
    or cohorts.returned_units_365d <> coalesce(first_returns.returned_units_365d, 0)
    or cohorts.counted_units_365d > cohorts.returned_units_365d
    or cohorts.developed_units_365d > cohorts.ordered_units + 1E-6
    or cohorts.projected_365d_return_rate > 1
    or cohorts.projected_365d_return_rate < cohorts.projected_365d_return_rate_low - 1E-9
    or cohorts.projected_365d_return_rate > cohorts.projected_365d_return_rate_high + 1E-9
    or (
        not cohorts.is_projection_365d
        and (
            abs(cohorts.developed_units_365d - cohorts.ordered_units) > 1E-6
            or cohorts.counted_units_365d <> cohorts.returned_units_365d
        )
    )
