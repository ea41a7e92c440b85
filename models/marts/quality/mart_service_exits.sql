-- When units leave observation, in whole periods of thirty days since delivery: by their first
-- return, with its cause, or because nothing later is known of them yet. What happens in a period
-- that a unit has not lived through is left out, failure or not; else young units would tip it.
-- Grain: one row per (supplier_id, category, announced_grade, exit_period, exit_cause).
with delivered as (
    select
        order_lines.order_line_id,
        order_lines.supplier_id,
        products.category,
        coalesce(offers.announced_grade, 'unknown') as announced_grade,
        order_lines.delivered_units,
        least(
            {{ service_periods() }},
            floor(
                {{ dbt.datediff(
                    reporting_date('order_lines.delivered_at'), 'as_of_dates.as_of_date', 'day'
                ) }} / {{ service_period_days() }}
            )
        ) as lived_periods
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('dim_products') }} as products
        on order_lines.product_id = products.product_id
    inner join {{ ref('dim_offers') }} as offers
        on order_lines.offer_version_id = offers.offer_version_id
    inner join {{ ref('dim_dates') }} as as_of_dates
        on as_of_dates.date_day = as_of_dates.as_of_date
    where
        order_lines.delivered_units > 0
        and order_lines.returned_units is not null
        and {{ reporting_date('order_lines.delivered_at') }} <= as_of_dates.as_of_date
),

failed as (
    select
        delivered.supplier_id,
        delivered.category,
        delivered.announced_grade,
        delivered.lived_periods,
        -- asked back before it arrived: failed in the first period
        greatest(1, ceil(fct_returns.age_at_return_days / {{ service_period_days() }}))
            as failed_period,
        case
            when fct_returns.is_defect_return then 'defect' else fct_returns.reason_class
        end as exit_cause
    from {{ ref('fct_returns') }} as fct_returns
    inner join delivered
        on fct_returns.order_line_id = delivered.order_line_id
    where fct_returns.return_number = 1
),

exits as (
    select
        supplier_id,
        category,
        announced_grade,
        lived_periods as exit_period,
        'none' as exit_cause,
        delivered_units as exited_units
    from delivered

    union all

    select
        supplier_id,
        category,
        announced_grade,
        failed_period as exit_period,
        exit_cause,
        1 as exited_units
    from failed
    where failed_period <= lived_periods

    union all

    -- who failed does not leave a second time
    select
        supplier_id,
        category,
        announced_grade,
        lived_periods as exit_period,
        'none' as exit_cause,
        -1 as exited_units
    from failed
    where failed_period <= lived_periods
)

select
    supplier_id,
    category,
    announced_grade,
    cast(exit_period as integer) as exit_period,
    exit_cause,
    cast(sum(exited_units) as bigint) as exited_units
from exits
group by supplier_id, category, announced_grade, exit_period, exit_cause
having sum(exited_units) > 0
