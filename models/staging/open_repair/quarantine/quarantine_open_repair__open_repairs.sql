-- Raw repairs of Open Repair that failed a check or share a key.
-- Grain: one row per such raw row; those without a reject_reason are released again.
{{ quarantine(
    'open_repairs'
) }}
