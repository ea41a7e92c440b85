-- Raw exchange rates in the contract's types, each with what is wrong with it.
-- Grain: one row per raw row.
{{ typed_rows('fx_rates') }}
