-- A case for every return, and for every claim whose line never came back; none counts twice.
with fact as (
    select
        count(*) as cases,
        count(*) filter (where case_type = 'return') as return_cases
    from {{ ref('fct_support_cases') }}
),

returns as (
    select count(*) as return_cases from {{ ref('stg_marketplace__return_lines') }}
),

returned_lines as (
    select distinct order_line_id from {{ ref('stg_marketplace__return_lines') }}
),

unexplained_claims as (
    select count(*) as claim_cases
    from {{ ref('stg_marketplace__claims') }} as claims
    left join returned_lines
        on claims.subject_id = returned_lines.order_line_id
    where claims.subject_type = 'evaluation' or returned_lines.order_line_id is null
)

select
    fact.cases,
    returns.return_cases,
    unexplained_claims.claim_cases
from fact
cross join returns
cross join unexplained_claims
where
    fact.return_cases is distinct from returns.return_cases
    or fact.cases is distinct from returns.return_cases + unexplained_claims.claim_cases
