-- Moments from which a customer may come back or stay away: a return that was refused, repaired or
-- refunded, and a delivery without a case.
-- Grain: one row per outcome_event_id.
{{ config(materialized='table') }}

with order_lines as (
    select
        order_lines.order_line_id,
        order_lines.order_id,
        order_lines.order_month,
        order_lines.product_id,
        order_lines.customer_id,
        persons.user_id,
        persons.person_key
    from {{ ref('int_order_lines_attributed') }} as order_lines
    left join {{ ref('int_customer_persons') }} as persons
        on order_lines.customer_id = persons.customer_id
),

deliveries as (
    select * from {{ ref('int_line_deliveries') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
),

cases as (
    select
        order_lines.order_id,
        order_lines.person_key,
        support_cases.opened_at
    from {{ ref('int_support_cases') }} as support_cases
    inner join order_lines
        on support_cases.order_line_id = order_lines.order_line_id
),

orders_with_case as (
    select distinct order_id
    from cases
),

first_cases as (
    select
        person_key,
        min(opened_at) as first_case_at
    from cases
    group by person_key
),

ended as (
    select
        requests.return_line_id,
        order_lines.*,
        case
            when requests.decision = 'refused' then 'refused'
            when requests.outcome = 'repaired' then 'repaired'
            when requests.outcome in ('refunded', 'partially_refunded') then 'refunded'
        end as outcome_group,
        case
            when requests.decision = 'refused' then requests.decided_at
            else requests.closed_at
        end as index_at
    from {{ ref('int_returns_classified') }} as requests
    inner join order_lines
        on requests.order_line_id = order_lines.order_line_id
),

-- whoever had a case before is no control, nor is another line of an order with one
without_case as (
    select
        cast(null as string) as return_line_id,
        order_lines.*,
        'no_case' as outcome_group,
        deliveries.delivered_at as index_at
    from order_lines
    inner join deliveries
        on order_lines.order_line_id = deliveries.order_line_id
    left join orders_with_case
        on order_lines.order_id = orders_with_case.order_id
    left join first_cases
        on order_lines.person_key = first_cases.person_key
    cross join presence
    where
        presence.has_return_lines
        and orders_with_case.order_id is null
        and (first_cases.first_case_at > deliveries.delivered_at or first_cases.person_key is null)
),

events as (
    select * from ended
    union all
    select * from without_case
)

select
    concat_ws(':', outcome_group, coalesce(return_line_id, order_line_id)) as outcome_event_id,
    return_line_id,
    order_line_id,
    order_month,
    product_id,
    customer_id,
    user_id,
    person_key,
    outcome_group,
    index_at
from events
where outcome_group is not null and index_at is not null
