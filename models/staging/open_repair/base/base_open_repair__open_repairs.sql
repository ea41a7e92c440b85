-- Raw repairs of Open Repair in the contract's types, each with what is wrong with it.
-- Grain: one row per raw row.
{{ typed_rows('open_repairs') }}
