-- What the grade model may know of an evaluation: what was seen of the device, and what it is. No
-- grade, no supplier, no decision, nothing known later.
-- Grain: one row per evaluation_id.
with evaluations as (
    select * from {{ ref('int_evaluations_attributed') }}
),

products as (
    select * from {{ ref('stg_marketplace__products') }}
),

first_offers as (
    select
        product_id,
        min(valid_from) as first_offered_at
    from {{ ref('int_offer_versions') }}
    group by product_id
)

select
    evaluations.evaluation_id,
    products.category,
    products.brand,
    evaluations.screen_state,
    evaluations.body_state,
    evaluations.battery_health_pct,
    cast(
        {{ elapsed_days('first_offers.first_offered_at', 'evaluations.evaluated_at') }} as double
    ) as device_age_days,
    evaluations.check_power,
    evaluations.check_sim_tray,
    evaluations.check_front_camera,
    evaluations.check_rear_camera,
    evaluations.check_speakers,
    evaluations.check_microphones,
    evaluations.check_biometrics,
    evaluations.check_wifi,
    evaluations.check_bluetooth,
    evaluations.check_buttons
from evaluations
inner join products
    on evaluations.product_id = products.product_id
inner join first_offers
    on evaluations.product_id = first_offers.product_id
