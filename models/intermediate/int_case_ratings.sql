-- What the customer of a case thought of the line after writing: the latest rating since.
-- Grain: one row per case_id whose line was rated after the customer first wrote.
with responses as (
    select * from {{ ref('int_case_responses') }}
),

cases as (
    select * from {{ ref('int_support_cases') }}
),

ratings as (
    select * from {{ ref('int_ratings_phased') }}
),

ranked as (
    select
        cases.case_id,
        ratings.score,
        row_number() over (
            partition by cases.case_id
            order by ratings.rated_at desc, ratings.rating_id desc
        ) as recency_rank
    from cases
    inner join responses
        on cases.case_id = responses.case_id
    inner join ratings
        on
            cases.order_line_id = ratings.order_line_id
            and responses.first_customer_message_at <= ratings.rated_at
)

select
    case_id,
    score as post_contact_score
from ranked
where recency_rank = 1
