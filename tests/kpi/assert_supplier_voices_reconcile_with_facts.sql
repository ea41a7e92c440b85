-- What customers and agents said of suppliers, and their cases, add up to the facts.
with voices as (
    select
        sum(rating_count) as rating_count,
        sum(rating_sum) as rating_sum,
        sum(agent_rating_count) as agent_rating_count,
        sum(agent_rating_sum) as agent_rating_sum,
        sum(support_cases) as support_cases,
        sum(open_cases) as open_cases
    from {{ ref('mart_supplier_voices') }}
),

ratings as (
    select
        count(*) as rating_count,
        sum(score) as rating_sum
    from {{ ref('fct_ratings') }}
    where is_latest_in_phase
),

agent_ratings as (
    select
        count(*) as rating_count,
        sum(score) as rating_sum
    from {{ ref('fct_supplier_ratings') }}
),

staged as (
    select count(*) as rating_count
    from {{ ref('stg_marketplace__supplier_ratings') }}
),

cases as (
    select
        count(supplier_id) as support_cases,
        count(case when closed_at is null then supplier_id end) as open_cases
    from {{ ref('fct_support_cases') }}
)

select voices.*
from voices
cross join ratings
cross join agent_ratings
cross join staged
cross join cases
where
    voices.rating_count <> ratings.rating_count
    or voices.rating_sum <> ratings.rating_sum
    or voices.agent_rating_count <> agent_ratings.rating_count
    or agent_ratings.rating_count <> staged.rating_count
    or voices.agent_rating_sum <> agent_ratings.rating_sum
    or voices.support_cases <> cases.support_cases
    or voices.open_cases <> cases.open_cases
