-- The laboratory's last word on an evaluation that it audited.
-- Grain: one row per evaluation_id that was audited.
with audits as (
    select * from {{ ref('stg_marketplace__grade_audits') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by evaluation_id
            order by audited_at desc, audit_id desc
        ) as recency_rank
    from audits
)

select
    evaluation_id,
    verified_grade,
    audited_at
from ranked
where recency_rank = 1
