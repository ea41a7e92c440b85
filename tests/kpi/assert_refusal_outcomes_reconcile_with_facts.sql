-- People of the cells are the distinct people of returns and deliveries, and those retained are
-- found again among the orders of all their accounts.
{% set window = var('retention_window_days') -%}
with mart as (
    select
        outcome_group,
        sum(outcome_people) as outcome_people,
        sum(followed_up_people) as followed_up_people,
        sum(retained_people) as retained_people,
        sum(rated_events) as rated_events,
        sum(satisfied_events) as satisfied_events
    from {{ ref('mart_refusal_outcomes') }}
    group by outcome_group
),

ended as (
    select
        customer_id,
        case
            when decision = 'refused' then 'refused'
            when outcome = 'repaired' then 'repaired'
            when outcome in ('refunded', 'partially_refunded') then 'refunded'
        end as outcome_group,
        case when decision = 'refused' then decided_at else closed_at end as index_at
    from {{ ref('fct_returns') }}
),

first_ends as (
    select
        ended.outcome_group,
        coalesce(persons.person_id, ended.customer_id) as person_id,
        min(ended.index_at) as index_at
    from ended
    left join {{ ref('dim_customers') }} as persons
        on ended.customer_id = persons.customer_id
    where
        ended.outcome_group is not null
        and ended.index_at is not null
        and ended.customer_id is not null
    group by ended.outcome_group, coalesce(persons.person_id, ended.customer_id)
),

person_orders as (
    select distinct
        coalesce(persons.person_id, order_lines.customer_id) as person_id,
        order_lines.ordered_at
    from {{ ref('fct_order_lines') }} as order_lines
    left join {{ ref('dim_customers') }} as persons
        on order_lines.customer_id = persons.customer_id
    where order_lines.state not in ('cancelled', 'unpaid')
),

as_of as (
    select max(as_of_date) as as_of_date
    from {{ ref('dim_dates') }}
),

ends_followed as (
    select first_ends.*
    from first_ends
    cross join as_of
    where
        {{ dbt.dateadd('day', window, reporting_date('first_ends.index_at')) }} <= as_of.as_of_date
),

retained as (
    select distinct
        ends_followed.outcome_group,
        ends_followed.person_id
    from ends_followed
    inner join person_orders
        on
            ends_followed.person_id = person_orders.person_id
            and ends_followed.index_at < person_orders.ordered_at
            and person_orders.ordered_at
            <= {{ dbt.dateadd('day', window, 'ends_followed.index_at') }}
),

expected as (
    select
        first_ends.outcome_group,
        count(distinct first_ends.person_id) as outcome_people,
        count(distinct ends_followed.person_id) as followed_up_people,
        count(distinct retained.person_id) as retained_people
    from first_ends
    left join ends_followed
        on
            first_ends.outcome_group = ends_followed.outcome_group
            and first_ends.person_id = ends_followed.person_id
    left join retained
        on
            first_ends.outcome_group = retained.outcome_group
            and first_ends.person_id = retained.person_id
    group by first_ends.outcome_group
),

fact as (
    select
        outcome_group,
        count(distinct person_id) as outcome_people,
        count(score_after) as rated_events,
        count(*) filter (where score_after > 3) as satisfied_events
    from {{ ref('fct_customer_outcomes') }}
    group by outcome_group
)

select mart.*
from mart
left join fact
    on mart.outcome_group = fact.outcome_group
left join expected
    on mart.outcome_group = expected.outcome_group
where
    mart.outcome_people is distinct from fact.outcome_people
    or mart.rated_events <> fact.rated_events
    or mart.satisfied_events <> fact.satisfied_events
    or (
        mart.outcome_group <> 'no_case'
        and (
            mart.outcome_people <> coalesce(expected.outcome_people, 0)
            or mart.followed_up_people <> coalesce(expected.followed_up_people, 0)
            or mart.retained_people <> coalesce(expected.retained_people, 0)
        )
    )
