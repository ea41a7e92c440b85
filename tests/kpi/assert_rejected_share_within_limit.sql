-- A table of which more than max_rejected_share is unusable makes every figure doubtful. Look into
-- health.rejected_rows, mend the extract, or raise the variable knowingly.
select
    source_table,
    raw_rows,
    rejected_rows,
    rejected_share
from {{ ref('source_coverage') }}
where rejected_share > {{ var('max_rejected_share') }}
