-- After-sales cases: every return of a unit, and every claim that no return explains.
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
    where opens_case
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

evaluations as (
    select * from {{ ref('int_evaluations_attributed') }}
)

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
    case when claims.subject_type = 'order_line' then 'claim' else 'grade_dispute' end as case_type,
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
