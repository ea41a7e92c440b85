-- Which extracts were delivered: what a missing one would tell is null in the facts, not 0.
-- Grain: one row.
{{ config(materialized='table') }}

with raw_files as (
    select * from {{ ref('stg_landing__raw_files') }}
)

select
    bool_or(source_table = 'shipments' and is_present) as has_shipments,
    bool_or(source_table = 'return_lines' and is_present) as has_return_lines,
    bool_or(source_table = 'defects' and is_present) as has_defects,
    bool_or(source_table = 'repairs' and is_present) as has_repairs,
    bool_or(source_table = 'refunds' and is_present) as has_refunds,
    bool_or(source_table = 'ratings' and is_present) as has_ratings,
    bool_or(source_table = 'notifications' and is_present) as has_notifications
from raw_files
