-- What grading is meant to move, by month of the order: returns for the condition of the device,
-- disputes, refunds and the value of an order; and how many visits of the month ended in one.
-- Grain: one row per order_month with an order line.
{% set unit = "concat_ws('|', facts.order_line_id, cast(facts.unit_number as string))" -%}
{% set events = [
    ('condition_returned_units', 'fct_returns', unit, 'requested_at',
     "facts.reason_class = 'not_as_described'"),
    ('refunded_lines', 'fct_refunds', 'facts.order_line_id', 'refunded_at',
     'order_lines.ordered_units > 0'),
    ('disputed_lines', 'fct_support_cases', 'facts.order_line_id', 'first_claim_opened_at',
     'order_lines.ordered_units > 0 and facts.claim_count > 0'),
] -%}
{% set sources = [
    ('return_lines', 'condition_returned_units', 'condition_returned_units_30d'),
    ('refunds', 'refunded_lines', 'refunded_lines_30d'),
    ('claims', 'disputed_lines', 'disputed_lines_30d'),
    ('page_events', 'viewing_sessions', 'ordering_sessions'),
] -%}
with ordered as (
    select
        order_month,
        count(distinct case when ordered_units > 0 then order_id end) as orders,
        count(distinct case when ordered_units > 0 and unit_price_eur is not null then order_id end)
            as priced_orders,
        count(*) filter (where ordered_units > 0) as shipped_lines,
        cast(sum(ordered_units) as bigint) as ordered_units,
        cast(sum(ordered_units * unit_price_eur) as decimal(18, 4)) as revenue_eur
    from {{ ref('fct_order_lines') }}
    group by order_month
),

-- a unit or a line counts once, however often it came back, was refunded or disputed
{% for measure, fact, key, moment, condition in events -%}
{% set age = elapsed_days('order_lines.ordered_at', 'facts.' ~ moment) -%}
{{ measure }} as (
    select
        order_lines.order_month,
        count(distinct {{ key }}) as {{ measure }},
        count(distinct case when {{ age }} <= 30 then {{ key }} end) as {{ measure }}_30d
    from {{ ref(fact) }} as facts
    inner join {{ ref('fct_order_lines') }} as order_lines
        on facts.order_line_id = order_lines.order_line_id
    where {{ condition }}
    group by order_lines.order_month
),

{% endfor -%}
viewing_sessions as (
    select
        cast(date_trunc('month', session_date) as date) as order_month,
        cast(sum(viewing_sessions) as bigint) as viewing_sessions,
        cast(sum(ordering_sessions) as bigint) as ordering_sessions
    from {{ ref('fct_session_days') }}
    group by cast(date_trunc('month', session_date) as date)
),

presence as (
    select
        bool_or(is_present and source_table = 'return_lines') as has_return_lines,
        bool_or(is_present and source_table = 'refunds') as has_refunds,
        bool_or(is_present and source_table = 'claims') as has_claims,
        bool_or(is_present and source_table = 'page_events') as has_page_events
    from {{ ref('dim_sources') }}
),

counted as (
    select
        ordered.*,
        {% for table, measure, other_measure in sources -%}
        case when presence.has_{{ table }} then coalesce({{ measure }}.{{ measure }}, 0) end
            as {{ measure }},
        case when presence.has_{{ table }} then coalesce({{ measure }}.{{ other_measure }}, 0) end
            as {{ other_measure }},
        {% endfor -%}
        coalesce(calendar.is_mature_30d, false) as is_mature_30d,
        coalesce(calendar.is_mature_365d, false) as is_mature_365d
    from ordered
    cross join presence
    {% for table, measure, other_measure in sources -%}
    left join {{ measure }}
        on ordered.order_month = {{ measure }}.order_month
    {% endfor -%}
    left join {{ ref('dim_dates') }} as calendar
        on ordered.order_month = calendar.date_day
)

select
    order_month,
    orders,
    priced_orders,
    shipped_lines,
    ordered_units,
    revenue_eur,
    {{ rate('revenue_eur', 'priced_orders') }} as average_order_value_eur,
    {% for name, numerator, denominator in [
        ('condition_return', 'condition_returned_units', 'ordered_units'),
        ('refund', 'refunded_lines', 'shipped_lines'),
        ('dispute', 'disputed_lines', 'shipped_lines'),
    ] -%}
    {% for within in ['', '_30d'] -%}
    {{ numerator ~ within }},
    {{ rate_with_bounds(numerator ~ within, denominator, name ~ within ~ '_rate') }},
    {% endfor -%}
    {% endfor -%}
    viewing_sessions,
    ordering_sessions,
    {{ rate_with_bounds('ordering_sessions', 'viewing_sessions', 'conversion_rate') }},
    is_mature_30d,
    is_mature_365d
from counted
