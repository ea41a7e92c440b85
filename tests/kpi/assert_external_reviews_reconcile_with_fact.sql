-- Months of external reviews add up to the fact, site by site.
with fact as (
    select
        source,
        count(*) as review_count,
        sum(score) as score_sum,
        sum(case when score < 2 then 1 else 0 end) as very_negative_count,
        sum(case when score > 3 then 1 else 0 end) as satisfied_count
    from {{ ref('fct_external_reviews') }}
    group by source
),

months as (
    select
        source,
        sum(review_count) as review_count,
        sum(score_sum) as score_sum,
        sum(very_negative_count) as very_negative_count,
        sum(satisfied_count) as satisfied_count
    from {{ ref('mart_external_reviews') }}
    group by source
)

select
    coalesce(fact.source, months.source) as review_source,
    fact.review_count as fact_reviews,
    months.review_count as mart_reviews
from fact
full outer join months
    on fact.source = months.source
where
    fact.review_count is distinct from months.review_count
    or fact.score_sum is distinct from months.score_sum
    or fact.very_negative_count is distinct from months.very_negative_count
    or fact.satisfied_count is distinct from months.satisfied_count
