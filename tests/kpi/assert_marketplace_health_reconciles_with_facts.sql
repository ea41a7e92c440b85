-- Months of what grading is meant to move add up to the facts, at any age and within 30 days of the
-- order.
with marts as (
    select
        coalesce(sum(ordered_units), 0) as ordered_units,
        coalesce(sum(orders), 0) as orders,
        coalesce(sum(condition_returned_units), 0) as condition_returned_units,
        coalesce(sum(condition_returned_units_30d), 0) as condition_returned_units_30d,
        coalesce(sum(refunded_lines), 0) as refunded_lines,
        coalesce(sum(refunded_lines_30d), 0) as refunded_lines_30d,
        coalesce(sum(disputed_lines), 0) as disputed_lines,
        coalesce(sum(disputed_lines_30d), 0) as disputed_lines_30d
    from {{ ref('mart_marketplace_health') }}
),

lines as (
    select
        order_line_id,
        order_id,
        ordered_units,
        {{ dbt.dateadd('day', 30, 'ordered_at') }} as window_ends_at
    from {{ ref('fct_order_lines') }}
),

condition_returns as (
    select
        order_line_id,
        unit_number,
        min(requested_at) as first_at
    from {{ ref('fct_returns') }}
    where reason_code = 24
    group by order_line_id, unit_number
),

condition_returned as (
    select
        count(*) as units,
        count(*) filter (where condition_returns.first_at <= lines.window_ends_at) as units_30d
    from condition_returns
    inner join lines
        on condition_returns.order_line_id = lines.order_line_id
),

refunded as (
    select
        order_line_id,
        min(refunded_at) as first_at
    from {{ ref('fct_refunds') }}
    group by order_line_id
),

disputed as (
    select
        subject_id as order_line_id,
        min(opened_at) as first_at
    from {{ ref('stg_marketplace__claims') }}
    where subject_type = 'order_line'
    group by subject_id
),

facts as (
    select
        coalesce(sum(lines.ordered_units), 0) as ordered_units,
        count(distinct lines.order_id) as orders,
        count(refunded.first_at) as refunded_lines,
        count(*) filter (where refunded.first_at <= lines.window_ends_at) as refunded_lines_30d,
        count(disputed.first_at) as disputed_lines,
        count(*) filter (where disputed.first_at <= lines.window_ends_at) as disputed_lines_30d
    from lines
    left join refunded
        on lines.order_line_id = refunded.order_line_id
    left join disputed
        on lines.order_line_id = disputed.order_line_id
    where lines.ordered_units > 0
)

select
    facts.*,
    condition_returned.units as condition_returned_units,
    condition_returned.units_30d as condition_returned_units_30d
from marts
cross join facts
cross join condition_returned
where
    marts.ordered_units <> facts.ordered_units
    or marts.orders <> facts.orders
    or marts.condition_returned_units <> condition_returned.units
    or marts.condition_returned_units_30d <> condition_returned.units_30d
    {%- for measure in ['refunded_lines', 'disputed_lines'] %}
    or marts.{{ measure }} <> facts.{{ measure }}
    or marts.{{ measure }}_30d <> facts.{{ measure }}_30d
    {%- endfor %}
