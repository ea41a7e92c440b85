-- What followed the decision on a return: was the rating after it good, and did the person buy
-- again within 180 days, under whichever account?
-- Grain: one row per (sample_id, group_name).
with people as (
    select
        customer_id,
        person_id
    from {{ ref('dim_customers') }}
),

decided as (
    select
        fct_returns.*,
        people.person_id,
        row_number() over (
            partition by fct_returns.order_line_id
            order by fct_returns.decided_at, fct_returns.return_line_id
        ) as line_decision,
        row_number() over (
            partition by people.person_id
            order by fct_returns.decided_at, fct_returns.return_line_id
        ) as person_decision
    from {{ ref('fct_returns') }} as fct_returns
    left join people
        on fct_returns.customer_id = people.customer_id
    where fct_returns.decision in ('accepted', 'refused') and fct_returns.decided_at is not null
),

ratings as (
    -- the last one after the decision
    select
        order_line_id,
        is_satisfied,
        rated_at
    from {{ ref('fct_ratings') }}
    where rating_phase = 'post_return' and is_latest_in_phase
),

-- an order that was cancelled or never paid is no coming back
order_lines as (
    select
        people.person_id,
        order_lines.ordered_at,
        order_lines.state in ('cancelled', 'unpaid') as is_void
    from {{ ref('fct_order_lines') }} as order_lines
    inner join people
        on order_lines.customer_id = people.customer_id
),

calendar as (
    select max(as_of_date) as as_of_date from {{ ref('dim_dates') }}
),

rated as (
    select
        decided.decision,
        cast(ratings.is_satisfied as integer) as successes
    from decided
    inner join ratings
        on
            decided.order_line_id = ratings.order_line_id
            and decided.decided_at <= ratings.rated_at
    where decided.line_decision = 1
),

followed as (
    select
        decided.return_line_id,
        decided.decision,
        max(case
            when
                not order_lines.is_void
                and order_lines.ordered_at > decided.decided_at
                and {{ elapsed_days('decided.decided_at', 'order_lines.ordered_at') }} <= 180
                then 1
            else 0
        end) as successes
    from decided
    cross join calendar
    inner join order_lines
        on decided.person_id = order_lines.person_id
    where
        decided.person_decision = 1
        and {{ dbt.dateadd('day', 180, reporting_date('decided.decided_at')) }}
        <= calendar.as_of_date
    group by decided.return_line_id, decided.decision
),

observed as (
    select
        'refusal_satisfaction' as sample_id,
        decision,
        successes
    from rated
    union all
    select
        'refusal_retention' as sample_id,
        decision,
        successes
    from followed
)

select
    sample_id,
    decision as group_name,
    count(*) as trials,
    cast(sum(successes) as bigint) as successes
from observed
group by sample_id, decision
