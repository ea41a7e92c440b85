-- How the disputes of an evaluation ended: upheld when one of them was.
-- Grain: one row per evaluation_id of which a dispute was settled.
with claims as (
    select * from {{ ref('int_claims_cased') }}
)

select
    evaluation_id,
    bool_or(is_upheld) as is_dispute_upheld
from claims
where
    evaluation_id is not null
    and is_upheld is not null
group by evaluation_id
