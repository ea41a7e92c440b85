-- A case for every return, and for every claim that was not open with a return of its line; none
-- counts twice, and each is open as long as what it is made of.
with claims as (
    select
        claims.claim_id,
        claims.opened_at,
        claims.closed_at,
        count(return_lines.return_line_id) as returns_open_with_it
    from {{ ref('stg_marketplace__claims') }} as claims
    left join {{ ref('stg_marketplace__return_lines') }} as return_lines
        on
            claims.subject_type = 'order_line'
            and claims.subject_id = return_lines.order_line_id
            and claims.opened_at <= coalesce(return_lines.closed_at, claims.opened_at)
            and return_lines.requested_at <= coalesce(claims.closed_at, return_lines.requested_at)
    group by claims.claim_id, claims.opened_at, claims.closed_at
),

expected as (
    select
        concat_ws(':', 'return', return_line_id) as case_id,
        requested_at as opened_at,
        closed_at
    from {{ ref('stg_marketplace__return_lines') }}

    union all

    select
        concat_ws(':', 'claim', claim_id) as case_id,
        opened_at,
        closed_at
    from claims
    where returns_open_with_it = 0
),

claims_staged as (
    select count(*) as claims from claims
),

claims_told as (
    select coalesce(sum(claim_count), 0) as claims from {{ ref('fct_support_cases') }}
)

select
    coalesce(expected.case_id, cases.case_id) as case_id,
    claims_staged.claims,
    claims_told.claims as claims_of_cases
from expected
full outer join {{ ref('fct_support_cases') }} as cases
    on expected.case_id = cases.case_id
cross join claims_staged
cross join claims_told
where
    cases.case_id is null
    or expected.case_id is null
    or cases.opened_at > expected.opened_at
    -- a case may outlast its return, never the other way round
    or cases.closed_at < expected.closed_at
    or (expected.closed_at is null and not cases.is_open)
    -- what has no other claim is open as long as the return or the claim itself
    or (
        cases.claim_count = case when cases.case_type = 'return' then 0 else 1 end
        and (
            cases.opened_at <> expected.opened_at
            or cases.closed_at is distinct from expected.closed_at
            or abs(
                cases.resolution_days
                - {{ elapsed_days('expected.opened_at', 'expected.closed_at') }}
            ) > 1E-9
        )
    )
    or claims_told.claims <> claims_staged.claims
