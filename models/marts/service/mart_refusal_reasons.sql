-- Why returns are refused, the most frequent reason first: the table behind a Pareto chart.
-- Grain: one row per refusal_reason of a refused return.
with refusals as (
    select
        coalesce(refusal_reason, 'unknown') as refusal_reason,
        count(*) as refused_requests,
        count(*) filter (where is_in_warranty) as refused_in_warranty_requests
    from {{ ref('fct_returns') }}
    where decision = 'refused'
    group by coalesce(refusal_reason, 'unknown')
),

added_up as (
    select
        *,
        cast(
            row_number() over (order by refused_requests desc, refusal_reason asc) as bigint
        ) as reason_rank,
        sum(refused_requests) over (
            order by refused_requests desc, refusal_reason asc
            rows between unbounded preceding and current row
        ) as refused_so_far,
        sum(refused_requests) over () as refused_in_all
    from refusals
)

select
    refusal_reason,
    reason_rank,
    refused_requests,
    refused_in_warranty_requests,
    cast(refused_requests as double) / refused_in_all as share_of_refusals,
    cast(refused_so_far as double) / refused_in_all as cumulative_share
from added_up
