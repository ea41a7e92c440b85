-- Life table of delivered units, in periods of thirty days since delivery, for the marketplace and
-- by supplier, category and grade: units still under observation, those that came back, and the
-- share that has not (Kaplan and Meier 1958).
-- Grain: one row per (dimension_name, dimension_value, age_days) with a unit at risk.
with exits_by_dimension as (
    {% for dimension, value in reliability_dimensions().items() %}
    select
        '{{ dimension }}' as dimension_name,
        {{ value }} as dimension_value,
        exit_period,
        exit_cause,
        exited_units
    from {{ ref('mart_service_exits') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

exits as (
    select
        dimension_name,
        dimension_value,
        exit_period,
        sum(exited_units) as exited_units,
        sum(case when exit_cause <> 'none' then exited_units end) as failed_units
    from exits_by_dimension
    group by dimension_name, dimension_value, exit_period
),

-- also those in which nobody leaves
periods as (
    select cast(series.generated_number as integer) as service_period
    from ({{ dbt.generate_series(service_periods()) }}) as series
),

dimensions as (
    select distinct
        dimension_name,
        dimension_value
    from exits
),

at_risk as (
    select
        dimensions.dimension_name,
        dimensions.dimension_value,
        periods.service_period,
        coalesce(exits.failed_units, 0) as failed_units,
        sum(exits.exited_units) over (
            partition by dimensions.dimension_name, dimensions.dimension_value
            order by periods.service_period desc
            rows between unbounded preceding and current row
        ) as units_at_risk
    from dimensions
    cross join periods
    left join exits
        on
            dimensions.dimension_name = exits.dimension_name
            and dimensions.dimension_value = exits.dimension_value
            and periods.service_period = exits.exit_period
),

survived as (
    select
        *,
        round({{ survival(
            'failed_units', 'units_at_risk',
            'partition by dimension_name, dimension_value order by service_period'
        ) }}, 12) as surviving_share
    from at_risk
    where units_at_risk > 0
)

select
    dimension_name,
    dimension_value,
    cast(service_period * {{ service_period_days() }} as integer) as age_days,
    cast(units_at_risk as bigint) as units_at_risk,
    cast(failed_units as bigint) as failed_units,
    coalesce(lag(surviving_share) over (
        partition by dimension_name, dimension_value
        order by service_period
    ), 1E0) as surviving_share_before,
    surviving_share
from survived
