-- What other sites say of the marketplace, month by month; never added to its own ratings.
-- Grain: one row per (source, review_month) with a review.
with reviews as (
    select * from {{ ref('fct_external_reviews') }}
),

counts as (
    select
        source,
        review_month,
        count(*) as review_count,
        cast(sum(score) as bigint) as score_sum,
        count(*) filter (where is_very_negative) as very_negative_count,
        count(*) filter (where is_satisfied) as satisfied_count
    from reviews
    group by source, review_month
)

select
    source,
    review_month,
    review_count,
    score_sum,
    very_negative_count,
    satisfied_count,
    {{ rate('score_sum', 'review_count') }} as avg_score,
    {{ rate_with_bounds('very_negative_count', 'review_count', 'very_negative_rate') }},
    {{ rate_with_bounds('satisfied_count', 'review_count', 'external_csat_rate') }}
from counts
