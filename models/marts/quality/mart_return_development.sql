-- How returns come in with age: of all that come within 30 and 365 days of the order, the share
-- that has come by each age, measured on the order days that have lived through it (chain ladder,
-- Mack 1993). It says how much of a young cohort is still out.
-- Grain: one row per age_days of the grid that an order day has lived through.
with ages as (
    {% for age in completion_ages() %}
    select
        {{ age }} as age_days,
        {{ completion_ages()[loop.index0 - 1] if not loop.first else 0 }} as previous_age_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

order_days as (
    select
        order_lines.order_date,
        max({{ dbt.datediff('order_lines.order_date', 'dates.as_of_date', 'day') }})
            as lived_days,
        sum(order_lines.ordered_units) as ordered_units
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('dim_dates') }} as dates
        on order_lines.order_date = dates.date_day
    where order_lines.returned_units is not null
    group by order_lines.order_date
),

first_returns as (
    select
        order_lines.order_date,
        fct_returns.days_from_order
    from {{ ref('fct_returns') }} as fct_returns
    inner join {{ ref('fct_order_lines') }} as order_lines
        on fct_returns.order_line_id = order_lines.order_line_id
    where fct_returns.return_number = 1
),

observed as (
    select
        ages.age_days,
        max(ages.previous_age_days) as previous_age_days,
        cast(sum(order_days.ordered_units) as bigint) as ordered_units
    from order_days
    inner join ages
        on order_days.lived_days >= ages.age_days
    group by ages.age_days
),

returned as (
    select
        ages.age_days,
        count(*) as returned_units,
        count(*) filter (where first_returns.days_from_order <= ages.previous_age_days)
            as returned_units_before
    from first_returns
    inner join order_days
        on first_returns.order_date = order_days.order_date
    inner join ages
        on
            order_days.lived_days >= ages.age_days
            and first_returns.days_from_order <= ages.age_days
    group by ages.age_days
),

factors as (
    select
        observed.age_days,
        observed.previous_age_days,
        observed.ordered_units,
        coalesce(returned.returned_units, 0) as returned_units,
        coalesce(returned.returned_units_before, 0) as returned_units_before,
        {{ rate('returned.returned_units', 'returned.returned_units_before') }}
            as development_factor
    from observed
    left join returned
        on observed.age_days = returned.age_days
),

of_windows as (
    select
        *,
        {{ factors_within(30) }},
        {{ factors_within(365) }}
    from factors
),

later as (
    -- what is still to come after each age: the factors of all later ages of the window
    select
        *,
        {{ growth_to_come(30) }},
        {{ growth_to_come(365) }}
    from of_windows
)

select
    cast(age_days as integer) as age_days,
    cast(previous_age_days as integer) as previous_age_days,
    ordered_units,
    returned_units_before,
    returned_units,
    development_factor,
    case when is_known_30d then round(1 / growth_30d, 12) end as completion_30d_share,
    case when is_known_30d then round(sqrt(variance_30d), 12) end as completion_30d_relative_error,
    case when is_known_365d then round(1 / growth_365d, 12) end as completion_365d_share,
    case when is_known_365d then round(sqrt(variance_365d), 12) end
        as completion_365d_relative_error
from later
