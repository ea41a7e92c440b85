-- What each cohort's return rate will be 30 and 365 days after the order: counted where the window
-- is over, projected where it is not. A young cohort is divided not by its units but by the share
-- of them that should have shown their return by now (developed units), so it looks neither good
-- nor bad for being young. Both parts add up over suppliers and months.
-- Grain: one row per (supplier_id, order_month) with an ordered unit.
with development as (
    select
        *,
        lead(age_days) over (order by age_days) as next_age_days
    from {{ ref('mart_return_development') }}
),

months as (
    select * from {{ ref('dim_dates') }}
),

order_lines as (
    select
        order_lines.order_line_id,
        order_lines.supplier_id,
        order_lines.order_month,
        order_lines.ordered_units,
        order_lines.returned_units,
        development.age_days,
        order_lines.ordered_units * development.completion_30d_share as developed_units_30d,
        development.completion_30d_relative_error,
        order_lines.ordered_units * development.completion_365d_share as developed_units_365d,
        development.completion_365d_relative_error,
        months.as_of_date
    from {{ ref('fct_order_lines') }} as order_lines
    inner join months
        on order_lines.order_date = months.date_day
    left join development
        on
            {{ dbt.datediff('order_lines.order_date', 'months.as_of_date', 'day') }}
            >= development.age_days
            and (
                {{ dbt.datediff('order_lines.order_date', 'months.as_of_date', 'day') }}
                < development.next_age_days
                or development.next_age_days is null
            )
    where order_lines.ordered_units > 0
),

first_returns as (
    select
        order_line_id,
        days_from_order
    from {{ ref('fct_returns') }}
    where return_number = 1
),

returned as (
    select
        order_lines.supplier_id,
        order_lines.order_month,
        {{ returns_within(30) }},
        {{ returns_within(365) }}
    from order_lines
    inner join first_returns
        on order_lines.order_line_id = first_returns.order_line_id
    group by order_lines.supplier_id, order_lines.order_month
),

ordered as (
    select
        supplier_id,
        order_month,
        max(as_of_date) as as_of_date,
        cast(sum(ordered_units) as bigint) as ordered_units,
        bool_or(returned_units is not null) as are_returns_known,
        {{ developed_units(30) }},
        {{ developed_units(365) }}
    from order_lines
    group by supplier_id, order_month
),

counted as (
    select
        ordered.*,
        {{ counted_units(30) }},
        {{ counted_units(365) }},
        first_days.is_mature_30d,
        first_days.is_mature_365d
    from ordered
    left join returned
        on
            ordered.supplier_id = returned.supplier_id
            and ordered.order_month = returned.order_month
    left join months as first_days
        on ordered.order_month = first_days.date_day
)

select
    supplier_id,
    order_month,
    ordered_units,
    {{ projected_rate(30) }},
    not is_mature_30d as is_projection_30d,
    {{ projected_rate(365) }},
    not is_mature_365d as is_projection_365d,
    as_of_date
from counted
