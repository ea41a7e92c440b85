-- No raw row is lost and none is invented: raw = staged + rejected, table by table.
select
    source_table,
    raw_rows,
    staged_rows,
    rejected_rows
from {{ ref('source_coverage') }}
where raw_rows is distinct from staged_rows + rejected_rows
