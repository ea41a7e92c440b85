-- After-sales cases: every return of a unit, and every claim that no return explains.
-- Grain: one row per case_id.
{{ config(materialized='table') }}

with returns as (
    select * from {{ ref('int_returns_classified') }}
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

cases as (
    select
        concat_ws(':', 'return', return_line_id) as case_id,
        'return' as case_type,
        return_line_id,
        order_line_id,
        cast(null as string) as evaluation_id,
        cast(null as boolean) as is_upheld,
        requested_at as opened_at,
        closed_at
    from returns

    union all

    select
        case_id,
        case when subject_type = 'order_line' then 'claim' else 'grade_dispute' end as case_type,
        cast(null as string) as return_line_id,
        order_line_id,
        evaluation_id,
        is_upheld,
        opened_at,
        closed_at
    from claims
    where opens_case
)

select
    cases.*,
    order_lines.customer_id,
    coalesce(order_lines.supplier_id, evaluations.supplier_id) as supplier_id,
    coalesce(order_lines.product_id, evaluations.product_id) as product_id
from cases
left join order_lines
    on cases.order_line_id = order_lines.order_line_id
left join evaluations
    on cases.evaluation_id = evaluations.evaluation_id
