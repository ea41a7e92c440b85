-- How long a supplier's customers wait for their order, and whether it comes when promised.
-- Grain: one row per supplier_id with an ordered unit.
with as_of_date as (
    select distinct as_of_date from {{ ref('dim_dates') }}
),

order_lines as (
    select
        order_lines.supplier_id,
        order_lines.delivered_units is not null as are_deliveries_known,
        order_lines.delivered_at,
        {{ elapsed_days('order_lines.ordered_at', 'order_lines.delivered_at') }}
            as lead_time_days,
        {{ elapsed_days('order_lines.ordered_at', 'order_lines.shipped_at') }} as handling_days,
        -- a promise counts when it is due: early arrivals would be all that is known of the others
        case
            when {{ reporting_date('order_lines.promised_at') }} < as_of_date.as_of_date
                then coalesce(
                    cast(order_lines.delivered_at <= order_lines.promised_at as integer), 0
                )
        end as on_time,
        as_of_date.as_of_date
    from {{ ref('fct_order_lines') }} as order_lines
    cross join as_of_date
    where order_lines.ordered_units > 0
),

measured as (
    select
        supplier_id,
        as_of_date,
        count(*) as shipped_lines,
        case when bool_or(are_deliveries_known) then count(delivered_at) end as delivered_lines,
        {{ sum_of_days('lead_time_days') }} as lead_time_days_sum,
        {{ median_and_p90('lead_time_days') }},
        count(handling_days) as handled_lines,
        {{ sum_of_days('handling_days') }} as handling_days_sum,
        case when bool_or(are_deliveries_known) then count(on_time) end as promised_lines,
        case when bool_or(are_deliveries_known) then coalesce(cast(sum(on_time) as bigint), 0) end
            as on_time_lines
    from order_lines
    group by supplier_id, as_of_date
)

select
    supplier_id,
    shipped_lines,
    delivered_lines,
    lead_time_days_sum,
    {{ rate('lead_time_days_sum', 'delivered_lines') }} as mean_lead_time_days,
    median_lead_time_days,
    p90_lead_time_days,
    handled_lines,
    handling_days_sum,
    {{ rate('handling_days_sum', 'handled_lines') }} as mean_handling_days,
    promised_lines,
    on_time_lines,
    {{ rate_with_bounds('on_time_lines', 'promised_lines', 'on_time_rate') }},
    as_of_date
from measured
