-- Raw tables of the contract, and whether they were delivered.
-- Grain: one row per source_table.
with raw_files as (
    select * from {{ source('landing', 'raw_files') }}
)

select
    source_table,
    file_name,
    is_present
from raw_files
