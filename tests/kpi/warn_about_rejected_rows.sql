-- Rows were set aside: the figures are those of the rest. A warning, because a few bad rows must
-- not keep the others from their readers; health.rejected_rows names each.
{{ config(severity='warn') }}

select
    source_table,
    column_name,
    reason,
    count(*) as rejected_rows
from {{ ref('rejected_rows') }}
group by source_table, column_name, reason
