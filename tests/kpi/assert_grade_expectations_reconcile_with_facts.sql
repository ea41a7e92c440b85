-- Perceived grades are those of ratings that count, and returns by grade those of mature months; a
-- rate that is drawn towards that of all lies between its own and that.
with perceived as (
    select
        coalesce(sum(perceived_ratings), 0) as ratings,
        coalesce(sum(worse_ratings + better_ratings), 0) as other_ratings
    from {{ ref('mart_perceived_vs_announced') }}
),

rated as (
    select
        count(*) as ratings,
        count(*) filter (where ratings.perceived_grade <> offers.announced_grade) as other_ratings
    from {{ ref('fct_ratings') }} as ratings
    inner join {{ ref('fct_order_lines') }} as order_lines
        on ratings.order_line_id = order_lines.order_line_id
    inner join {{ ref('dim_offers') }} as offers
        on order_lines.offer_version_id = offers.offer_version_id
    where
        ratings.is_latest_in_phase
        and ratings.perceived_grade is not null
        and offers.announced_grade is not null
),

cells as (
    select
        *,
        sum(returned_units) over () / cast(sum(ordered_units) over () as double) as market_rate
    from {{ ref('mart_grade_return_rate') }}
),

returned_units as (
    select
        line_returns.order_line_id,
        line_returns.unit_number,
        max(case when line_returns.reason_code = 24 then 1 else 0 end) as condition_returned_units
    from {{ ref('fct_returns') }} as line_returns
    inner join {{ ref('dim_dates') }} as months
        on line_returns.order_month = months.date_day
    where months.is_mature_30d and line_returns.days_from_order <= 30
    group by line_returns.order_line_id, line_returns.unit_number
),

returned as (
    select
        count(*) as returned_units,
        coalesce(sum(condition_returned_units), 0) as condition_returned_units
    from returned_units
),

totals as (
    select
        sum(returned_units) as returned_units,
        sum(condition_returned_units) as condition_returned_units
    from cells
)

select 'perceived grades' as finding
from perceived
cross join rated
where perceived.ratings <> rated.ratings or perceived.other_ratings <> rated.other_ratings

union all

select 'returns' as finding
from totals
cross join returned
where
    totals.returned_units <> returned.returned_units
    or totals.condition_returned_units <> returned.condition_returned_units

union all

select 'shrunk rate of ' || announced_grade || ' ' || category as finding
from cells
where
    shrunk_return_30d_rate < least(return_30d_rate, market_rate) - 1E-9
    or shrunk_return_30d_rate > greatest(return_30d_rate, market_rate) + 1E-9
