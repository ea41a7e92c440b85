-- What followed the decision on a return: was the rating after it good, and did the customer buy
-- again within 180 days?
-- Grain: one row per (sample_id, group_name).
with decided as (
    select
        *,
        row_number() over (
            partition by order_line_id order by decided_at, return_line_id
        ) as line_decision,
        row_number() over (
            partition by customer_id order by decided_at, return_line_id
        ) as customer_decision
    from {{ ref('fct_returns') }}
    where decision in ('accepted', 'refused') and decided_at is not null
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

order_lines as (
    select * from {{ ref('fct_order_lines') }}
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
                {{ elapsed_days('decided.decided_at', 'order_lines.ordered_at') }} > 0
                and {{ elapsed_days('decided.decided_at', 'order_lines.ordered_at') }} <= 180
                then 1
            else 0
        end) as successes
    from decided
    cross join calendar
    inner join order_lines
        on decided.customer_id = order_lines.customer_id
    where
        decided.customer_decision = 1
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
