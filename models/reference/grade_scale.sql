-- The scale of cosmetic grades that the extracts speak: one version of the seed, chosen here alone.
-- Grain: one row per grade.
with grade_scales as (
    select * from {{ ref('grade_scales') }}
)

select
    grade,
    grade_rank,
    grade_name_fr,
    note_of_five
from grade_scales
where scale_version = '{{ var("grade_scale_version") }}'
