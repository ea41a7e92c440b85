-- After-sales cases: every return of a unit, and every claim that no return explains. A case is
-- open from the first thing that tells of it until the last is closed.
-- Grain: one row per case_id.
{{ config(materialized='table') }}

with returns as (
    select * from {{ ref('int_returns_classified') }}
),

returned_lines as (
    select * from {{ ref('int_returned_lines') }}
),

claims as (
    select * from {{ ref('int_claims_cased') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

evaluations as (
    select * from {{ ref('int_evaluations_attributed') }}
),

case_claims as (
    select
        case_id,
        count(*) as claim_count,
        count(*) - count(closed_at) as open_claims,
        min(opened_at) as first_claim_opened_at,
        max(closed_at) as last_claim_closed_at
    from claims
    group by case_id
),

incidents as (
    select
        concat_ws(':', 'return', returns.return_line_id) as case_id,
        'return' as case_type,
        returns.return_line_id,
        returns.order_line_id,
        cast(null as string) as evaluation_id,
        cast(null as boolean) as is_upheld,
        returns.requested_at as opened_at,
        returns.closed_at,
        returned_lines.customer_id,
        returned_lines.supplier_id,
        returned_lines.product_id
    from returns
    inner join returned_lines
        on returns.order_line_id = returned_lines.order_line_id

    union all

    select
        claims.case_id,
        case when claims.subject_type = 'order_line' then 'claim' else 'grade_dispute' end
            as case_type,
        cast(null as string) as return_line_id,
        claims.order_line_id,
        claims.evaluation_id,
        claims.is_upheld,
        claims.opened_at,
        claims.closed_at,
        order_lines.customer_id,
        coalesce(order_lines.supplier_id, evaluations.supplier_id) as supplier_id,
        coalesce(order_lines.product_id, evaluations.product_id) as product_id
    from claims
    left join order_lines
        on claims.order_line_id = order_lines.order_line_id
    left join evaluations
        on claims.evaluation_id = evaluations.evaluation_id
    where claims.opens_case
)

select
    incidents.case_id,
    incidents.case_type,
    incidents.return_line_id,
    incidents.order_line_id,
    incidents.evaluation_id,
    incidents.is_upheld,
    coalesce(case_claims.claim_count, 0) as claim_count,
    least(incidents.opened_at, case_claims.first_claim_opened_at) as opened_at,
    case
        when incidents.closed_at is not null and coalesce(case_claims.open_claims, 0) = 0
            then greatest(incidents.closed_at, case_claims.last_claim_closed_at)
    end as closed_at,
    case_claims.first_claim_opened_at,
    incidents.customer_id,
    incidents.supplier_id,
    incidents.product_id
from incidents
left join case_claims
    on incidents.case_id = case_claims.case_id
