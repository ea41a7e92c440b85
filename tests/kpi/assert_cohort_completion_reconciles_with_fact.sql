-- Cohorts hold the units of the fact; one whose window is over is counted, not projected: its rate is
-- its returns within the window over its units. A rate lies within its bounds, and never above 1.
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
    {% for limit in ['30d', '365d'] %}
    or cohorts.returned_units_{{ limit }} <> coalesce(first_returns.returned_units_{{ limit }}, 0)
    or cohorts.counted_units_{{ limit }} > cohorts.returned_units_{{ limit }}
    or cohorts.developed_units_{{ limit }} > cohorts.ordered_units + 1E-6
    or cohorts.projected_{{ limit }}_return_rate > 1
    or cohorts.projected_{{ limit }}_return_rate
    < cohorts.projected_{{ limit }}_return_rate_low - 1E-9
    or cohorts.projected_{{ limit }}_return_rate
    > cohorts.projected_{{ limit }}_return_rate_high + 1E-9
    or (
        not cohorts.is_projection_{{ limit }}
        and (
            abs(cohorts.developed_units_{{ limit }} - cohorts.ordered_units) > 1E-6
            or cohorts.counted_units_{{ limit }} <> cohorts.returned_units_{{ limit }}
        )
    )
    {% endfor %}
