-- What refurbishers did after a gap between their grade and the suggested one.
-- Grain: one row per correction_id.
with corrections as (
    select * from {{ ref('stg_marketplace__grade_corrections') }}
),

evaluations as (
    select * from {{ ref('int_evaluations_attributed') }}
),

offer_versions as (
    select * from {{ ref('int_offer_versions') }}
)

select
    -- keys
    corrections.correction_id,
    corrections.evaluation_id,
    evaluations.product_list_id,
    evaluations.offer_version_id,
    evaluations.supplier_id,
    evaluations.product_id,

    -- attributes
    corrections.grade_before,
    corrections.grade_after,
    evaluations.suggested_grade,
    corrections.status,
    offer_versions.currency_code,

    -- measures
    corrections.price_before,
    corrections.price_after,

    -- times
    evaluations.evaluated_at,
    corrections.corrected_at
from corrections
inner join evaluations
    on corrections.evaluation_id = evaluations.evaluation_id
inner join offer_versions
    on evaluations.offer_version_id = offer_versions.offer_version_id
