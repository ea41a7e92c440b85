-- Share of delivered units that have come back by age, for the marketplace and by supplier,
-- category and grade: for any cause, and for each with the others competing (Aalen and Johansen
-- 1978), so that the causes add up to the whole.
-- Grain: one row per (dimension_name, dimension_value, cause, age_days) with a unit at risk.
with life_table as (
    select * from {{ ref('mart_service_survival') }}
),

exits_by_dimension as (
    {% for dimension, value in reliability_dimensions().items() %}
    select
        '{{ dimension }}' as dimension_name,
        {{ value }} as dimension_value,
        exit_cause as cause,
        exit_period * {{ service_period_days() }} as age_days,
        exited_units
    from {{ ref('mart_service_exits') }}
    where exit_cause <> 'none'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

failed as (
    select
        dimension_name,
        dimension_value,
        cause,
        age_days,
        sum(exited_units) as failed_units
    from exits_by_dimension
    group by dimension_name, dimension_value, cause, age_days

    union all

    select
        dimension_name,
        dimension_value,
        'any' as cause,
        age_days,
        failed_units
    from life_table
),

causes as (
    select distinct cause from failed
),

by_cause as (
    select
        life_table.dimension_name,
        life_table.dimension_value,
        causes.cause,
        life_table.age_days,
        life_table.units_at_risk,
        life_table.failed_units as failed_units_of_any_cause,
        life_table.surviving_share_before,
        coalesce(failed.failed_units, 0) as failed_units
    from life_table
    cross join causes
    left join failed
        on
            life_table.dimension_name = failed.dimension_name
            and life_table.dimension_value = failed.dimension_value
            and life_table.age_days = failed.age_days
            and causes.cause = failed.cause
),

cumulated as (
    select
        *,
        round({{ cumulative_incidence(
            'surviving_share_before', 'failed_units', 'units_at_risk',
            'partition by dimension_name, dimension_value, cause order by age_days'
        ) }}, 12) as failed_share
    from by_cause
),

spread as (
    select
        *,
        1 - failed_share as unfailed_share,
        {{ incidence_standard_error(
            'failed_share', 'surviving_share_before', 'failed_units', 'failed_units_of_any_cause',
            'units_at_risk', 'partition by dimension_name, dimension_value, cause order by age_days'
        ) }} as failed_share_standard_error
    from cumulated
)

select
    dimension_name,
    dimension_value,
    cause,
    age_days,
    units_at_risk,
    cast(failed_units as bigint) as failed_units,
    failed_share,
    -- where nothing has failed yet, or all have, what so few units could not have shown
    case
        when failed_share = 0 then 0E0
        when failed_share = 1 then {{ wilson_low('units_at_risk', 'units_at_risk') }}
        else round({{ failed_share_low('unfailed_share', 'failed_share_standard_error') }}, 12)
    end as failed_share_low,
    case
        when failed_share = 0 then {{ wilson_high('0', 'units_at_risk') }}
        when failed_share = 1 then 1E0
        else round({{ failed_share_high('unfailed_share', 'failed_share_standard_error') }}, 12)
    end as failed_share_high
from spread
