-- Raw page events in the contract's types, each with what is wrong with it.
-- Grain: one row per raw row.
{{ typed_rows('page_events') }}
