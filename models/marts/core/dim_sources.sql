-- Which raw tables were delivered: what an absent one would tell is null in marts, not 0.
-- Grain: one row per source_table.
with raw_files as (
    select * from {{ ref('stg_landing__raw_files') }}
)

select
    source_table,
    is_present
from raw_files
