-- What customers and after-sales agents think of a supplier, and the cases that are still open.
-- Grain: one row per supplier_id.
with suppliers as (
    select supplier_id from {{ ref('dim_suppliers') }}
),

sources as (
    select
        bool_or(is_present and source_table = 'ratings') as has_ratings,
        bool_or(is_present and source_table = 'supplier_ratings') as has_supplier_ratings,
        bool_or(is_present and source_table = 'return_lines') as has_return_lines
    from {{ ref('dim_sources') }}
),

customer_ratings as (
    select
        supplier_id,
        count(*) as rating_count,
        cast(sum(score) as bigint) as rating_sum,
        count(*) filter (where is_satisfied) as csat_count
    from {{ ref('fct_ratings') }}
    where is_latest_in_phase
    group by supplier_id
),

agent_ratings as (
    select
        supplier_id,
        count(*) as agent_rating_count,
        cast(sum(score) as bigint) as agent_rating_sum,
        count(*) filter (where is_satisfied) as agent_csat_count
    from {{ ref('fct_supplier_ratings') }}
    group by supplier_id
),

cases as (
    select
        supplier_id,
        count(*) as support_cases,
        count(*) filter (where is_open) as open_cases
    from {{ ref('fct_support_cases') }}
    group by supplier_id
)

select
    suppliers.supplier_id,
    case
        when sources.has_ratings then coalesce(customer_ratings.rating_count, 0)
    end as rating_count,
    customer_ratings.rating_sum,
    {{ rate('customer_ratings.rating_sum', 'customer_ratings.rating_count') }} as avg_rating,
    case
        when sources.has_ratings then coalesce(customer_ratings.csat_count, 0)
    end as csat_count,
    {{ rate_with_bounds(
        'customer_ratings.csat_count', 'customer_ratings.rating_count', 'csat_rate'
    ) }},
    case
        when sources.has_supplier_ratings then coalesce(agent_ratings.agent_rating_count, 0)
    end as agent_rating_count,
    agent_ratings.agent_rating_sum,
    {{ rate('agent_ratings.agent_rating_sum', 'agent_ratings.agent_rating_count') }}
        as avg_agent_rating,
    case
        when sources.has_supplier_ratings then coalesce(agent_ratings.agent_csat_count, 0)
    end as agent_csat_count,
    {{ rate_with_bounds(
        'agent_ratings.agent_csat_count', 'agent_ratings.agent_rating_count', 'agent_csat_rate'
    ) }},
    case
        when sources.has_return_lines then coalesce(cases.support_cases, 0)
    end as support_cases,
    case
        when sources.has_return_lines then coalesce(cases.open_cases, 0)
    end as open_cases
from suppliers
cross join sources
left join customer_ratings
    on suppliers.supplier_id = customer_ratings.supplier_id
left join agent_ratings
    on suppliers.supplier_id = agent_ratings.supplier_id
left join cases
    on suppliers.supplier_id = cases.supplier_id
