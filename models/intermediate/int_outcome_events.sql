-- Moments from which a customer may come back or stay away: a return that was refused, repaired or
-- refunded, and a delivery without a case.
-- Grain: one row per outcome_event_id.
{{ config(materialized='table') }}

with ended as (
    select
        return_line_id,
        order_line_id,
        ordered_at,
        product_id,
        customer_id,
        outcome_group,
        ended_at as index_at
    from {{ ref('int_return_outcomes') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

deliveries as (
    select * from {{ ref('int_line_deliveries') }}
),

persons as (
    select * from {{ ref('int_customer_persons') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
),

cases as (
    select * from {{ ref('int_support_cases') }}
),

orders_with_case as (
    select distinct order_lines.order_id
    from cases
    inner join order_lines
        on cases.order_line_id = order_lines.order_line_id
),

first_cases as (
    select
        persons.person_key,
        min(cases.opened_at) as first_case_at
    from cases
    inner join persons
        on cases.customer_id = persons.customer_id
    group by persons.person_key
),

-- another line of an order with a case is no control either
without_case as (
    select
        cast(null as string) as return_line_id,
        order_lines.order_line_id,
        order_lines.ordered_at,
        order_lines.product_id,
        order_lines.customer_id,
        'no_case' as outcome_group,
        deliveries.delivered_at as index_at
    from order_lines
    inner join deliveries
        on order_lines.order_line_id = deliveries.order_line_id
    left join orders_with_case
        on order_lines.order_id = orders_with_case.order_id
    cross join presence
    where
        presence.has_return_lines
        and deliveries.delivered_at is not null
        and orders_with_case.order_id is null
),

events as (
    select * from ended
    union all
    select * from without_case
)

select
    concat_ws(
        ':', events.outcome_group, coalesce(events.return_line_id, events.order_line_id)
    ) as outcome_event_id,
    events.return_line_id,
    events.order_line_id,
    events.ordered_at,
    events.product_id,
    events.customer_id,
    persons.user_id,
    persons.person_key,
    events.outcome_group,
    events.index_at
from events
left join persons
    on events.customer_id = persons.customer_id
left join first_cases
    on persons.person_key = first_cases.person_key
-- whoever had a case before is no control
where
    events.outcome_group <> 'no_case'
    or first_cases.person_key is null
    or first_cases.first_case_at > events.index_at
