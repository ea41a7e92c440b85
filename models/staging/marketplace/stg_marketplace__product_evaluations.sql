-- Product evaluations that passed the gate.
-- Grain: one row per evaluation_id.
with accepted as (
    {{ accepted_rows('product_evaluations') }}
)

select
    -- keys
    evaluation_id,
    product_list_id,

    -- attributes
    serial_number,
    assigned_grade,
    suggested_grade,
    model_version,
    decision,

    -- measures
    screen_state,
    body_state,
    battery_health_pct,
    photo_count,

    -- booleans
    check_power,
    check_sim_tray,
    check_front_camera,
    check_rear_camera,
    check_speakers,
    check_microphones,
    check_biometrics,
    check_wifi,
    check_bluetooth,
    check_buttons,

    -- times
    justification_submitted_at,
    evaluated_at
from accepted
