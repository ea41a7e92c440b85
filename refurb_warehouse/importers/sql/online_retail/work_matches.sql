-- What the matching found.
-- Grain: one row per return row and order line that it takes units from.
select
    unnest(cast($return_ids as varchar[])) as return_id,
    unnest(cast($order_line_ids as varchar[])) as order_line_id,
    unnest(cast($line_units as bigint[])) as first_unit_of_line,
    unnest(cast($return_units as bigint[])) as first_unit_of_return,
    unnest(cast($units as bigint[])) as units
