-- How many of the ten functional checks were done, and how many passed. Null is not tested.
-- Grain: one row per evaluation_id.
{% set checks = [
    'check_power', 'check_sim_tray', 'check_front_camera', 'check_rear_camera', 'check_speakers',
    'check_microphones', 'check_biometrics', 'check_wifi', 'check_bluetooth', 'check_buttons',
] -%}
with evaluations as (
    select * from {{ ref('stg_marketplace__product_evaluations') }}
)

select
    evaluation_id,
    {% for check in checks -%}
    case when {{ check }} then 1 else 0 end{{ ' + ' if not loop.last }}
    {% endfor %} as checks_passed,
    {% for check in checks -%}
    case when {{ check }} is not null then 1 else 0 end{{ ' + ' if not loop.last }}
    {% endfor %} as checks_done
from evaluations
