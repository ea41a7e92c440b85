-- A file that holds a header and no row says that nothing happened: its measures are 0, where those
-- of an absent file are null. A warning, because the export of a quiet month may be right.
{{ config(severity='warn') }}

select
    source_table,
    file_name
from {{ ref('source_coverage') }}
where is_present and raw_rows = 0
