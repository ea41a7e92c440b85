-- Claims with the after-sales case that they belong to: a claim and a return of its line that were
-- open at one time are one incident, so the claim opens no case of its own.
-- Grain: one row per claim_id.
{{ config(materialized='table') }}

with claims as (
    select * from {{ ref('stg_marketplace__claims') }}
),

returns as (
    select * from {{ ref('int_returns_classified') }}
),

evaluations as (
    select * from {{ ref('stg_marketplace__product_evaluations') }}
),

returns_open_with_it as (
    select
        claims.claim_id,
        returns.return_line_id,
        row_number() over (
            partition by claims.claim_id
            order by returns.requested_at, returns.return_line_id
        ) as return_rank
    from claims
    inner join returns
        on claims.subject_id = returns.order_line_id
    where
        claims.subject_type = 'order_line'
        and (returns.closed_at is null or claims.opened_at <= returns.closed_at)
        and (claims.closed_at is null or returns.requested_at <= claims.closed_at)
)

select
    claims.claim_id,
    claims.subject_type,
    case
        when claims.subject_type = 'order_line' then claims.subject_id
    end as order_line_id,
    evaluations.evaluation_id,
    case
        when returns_open_with_it.return_line_id is not null
            then concat_ws(':', 'return', returns_open_with_it.return_line_id)
        else concat_ws(':', 'claim', claims.claim_id)
    end as case_id,
    returns_open_with_it.return_line_id is null as opens_case,
    claims.claim_type,
    claims.is_upheld,
    claims.opened_at,
    claims.closed_at
from claims
left join returns_open_with_it
    on
        claims.claim_id = returns_open_with_it.claim_id
        and returns_open_with_it.return_rank = 1
left join evaluations
    on
        claims.subject_type = 'evaluation'
        and claims.subject_id = evaluations.evaluation_id
