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
    evaluations.evaluation_id,
    evaluations.product_list_id,
    evaluations.serial_number,
    evaluations.assigned_grade,
    evaluations.suggested_grade,
    evaluations.model_version,
    evaluations.decision,
    evaluations.screen_state,
    evaluations.body_state,
    evaluations.battery_health_pct,
    evaluations.photo_count,
    evaluations.check_power,
    evaluations.check_sim_tray,
    evaluations.check_front_camera,
    evaluations.check_rear_camera,
    evaluations.check_speakers,
    evaluations.check_microphones,
    evaluations.check_biometrics,
    evaluations.check_wifi,
    evaluations.check_bluetooth,
    evaluations.check_buttons,
    evaluations.justification_submitted_at,
    evaluations.evaluated_at,
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
