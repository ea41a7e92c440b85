-- Evaluations with the supplier and product of the offer version valid at the time.
-- Grain: one row per evaluation_id.
{{ config(materialized='table') }}

with evaluations as (
    select * from {{ ref('stg_marketplace__product_evaluations') }}
),

offer_versions as (
    select * from {{ ref('int_offer_versions') }}
)

select
    evaluations.*,
    offer_versions.offer_version_id,
    offer_versions.supplier_id,
    offer_versions.product_id
from evaluations
inner join offer_versions
    on
        evaluations.product_list_id = offer_versions.product_list_id
        and evaluations.evaluated_at >= offer_versions.valid_from
        and (
            evaluations.evaluated_at < offer_versions.valid_to
            or offer_versions.valid_to is null
        )
