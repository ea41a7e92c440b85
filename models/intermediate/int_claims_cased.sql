-- Claims with the after-sales case that they belong to: a claim about a line that came back is
-- the same incident as its first return, so it opens no case of its own.
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

first_returns as (
    select
        order_line_id,
        return_line_id,
        row_number() over (
            partition by order_line_id
            order by requested_at, return_line_id
        ) as return_rank
    from returns
)

select
    claims.claim_id,
    claims.subject_type,
    case
        when claims.subject_type = 'order_line' then claims.subject_id
    end as order_line_id,
    evaluations.evaluation_id,
    case
        when first_returns.return_line_id is not null
            then concat_ws(':', 'return', first_returns.return_line_id)
        else concat_ws(':', 'claim', claims.claim_id)
    end as case_id,
    first_returns.return_line_id is null as opens_case,
    claims.claim_type,
    claims.is_upheld,
    claims.opened_at,
    claims.closed_at
from claims
left join first_returns
    on
        claims.subject_type = 'order_line'
        and claims.subject_id = first_returns.order_line_id
        and first_returns.return_rank = 1
left join evaluations
    on
        claims.subject_type = 'evaluation'
        and claims.subject_id = evaluations.evaluation_id
