-- What grading is meant to move, by month of the order: returns for the condition of the device,
-- disputes, refunds and the value of an order; and how many visits of the month ended in one.
-- Grain: one row per order_month with an order line.
with order_lines as (
    select
        order_month,
        count(distinct case when ordered_units > 0 then order_id end) as orders,
        count(distinct case
            when ordered_units > 0 and unit_price_eur is not null then order_id
        end) as priced_orders,
        count(*) filter (where ordered_units > 0) as shipped_lines,
        cast(sum(ordered_units) as bigint) as ordered_units,
        cast(sum(ordered_units * unit_price_eur) as decimal(18, 4)) as revenue_eur
    from {{ ref('fct_order_lines') }}
    group by order_month
),

condition_returned as (
    select
        order_month,
        count(distinct concat_ws('|', order_line_id, cast(unit_number as string)))
            as condition_returned_units
    from {{ ref('fct_returns') }}
    where reason_class = 'not_as_described'
    group by order_month
),

{% for measure, fact in {'refunded': 'fct_refunds', 'disputed': 'fct_support_cases'}.items() -%}
{{ measure }} as (
    select
        order_lines.order_month,
        count(distinct facts.order_line_id) as {{ measure }}_lines
    from {{ ref(fact) }} as facts
    inner join {{ ref('fct_order_lines') }} as order_lines
        on facts.order_line_id = order_lines.order_line_id
    where order_lines.ordered_units > 0{{ ' and facts.claim_count > 0' if measure == 'disputed' }}
    group by order_lines.order_month
),

{% endfor -%}
visited as (
    select
        cast(date_trunc('month', session_date) as date) as order_month,
        cast(sum(viewing_sessions) as bigint) as viewing_sessions,
        cast(sum(ordering_sessions) as bigint) as ordering_sessions
    from {{ ref('fct_session_days') }}
    group by cast(date_trunc('month', session_date) as date)
),

sources as (
    select
        bool_or(is_present and source_table = 'return_lines') as has_return_lines,
        bool_or(is_present and source_table = 'refunds') as has_refunds,
        bool_or(is_present and source_table = 'claims') as has_claims,
        bool_or(is_present and source_table = 'page_events') as has_page_events
    from {{ ref('dim_sources') }}
),

counted as (
    select
        order_lines.*,
        {% for table, source, measure in [
            ('return_lines', 'condition_returned', 'condition_returned_units'),
            ('refunds', 'refunded', 'refunded_lines'),
            ('claims', 'disputed', 'disputed_lines'),
            ('page_events', 'visited', 'viewing_sessions'),
        ] -%}
        case when sources.has_{{ table }} then coalesce({{ source }}.{{ measure }}, 0) end
            as {{ measure }},
        {% endfor -%}
        case when sources.has_page_events then coalesce(visited.ordering_sessions, 0) end
            as ordering_sessions
    from order_lines
    cross join sources
    left join condition_returned
        on order_lines.order_month = condition_returned.order_month
    left join refunded
        on order_lines.order_month = refunded.order_month
    left join disputed
        on order_lines.order_month = disputed.order_month
    left join visited
        on order_lines.order_month = visited.order_month
)

select
    counted.order_month,
    counted.orders,
    counted.priced_orders,
    counted.shipped_lines,
    counted.ordered_units,
    counted.revenue_eur,
    {{ rate('counted.revenue_eur', 'counted.priced_orders') }} as average_order_value_eur,
    {% for name, numerator, denominator in [
        ('condition_return_rate', 'condition_returned_units', 'ordered_units'),
        ('refund_rate', 'refunded_lines', 'shipped_lines'),
        ('dispute_rate', 'disputed_lines', 'shipped_lines'),
    ] -%}
    counted.{{ numerator }},
    {{ rate_with_bounds('counted.' ~ numerator, 'counted.' ~ denominator, name) }},
    {% endfor -%}
    counted.viewing_sessions,
    counted.ordering_sessions,
    {{ rate_with_bounds(
        'counted.ordering_sessions', 'counted.viewing_sessions', 'conversion_rate'
    ) }},
    coalesce(calendar.is_mature_30d, false) as is_mature_30d
from counted
left join {{ ref('dim_dates') }} as calendar
    on counted.order_month = calendar.date_day
