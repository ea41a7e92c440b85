-- H1.8 How long do deliveries take, by supplier? Lines that were delivered, of orders that are 30
-- days old.
with tested as (
    select * from {{ ref('mart_hypothesis_tests') }}
    where test_id = 'h1_8_supplier_delivery'
),

measures as (
    select * from {{ ref('mart_hypothesis_measures') }}
    where sample_id = 'supplier_delivery'
)

select
    measures.group_name as supplier,
    measures.observations as delivered_lines,
    round(measures.median_measured, 1) as median_days,
    round(measures.mean_measured, 1) as mean_days,
    tested.verdict_en as answer,
    tested.verdict_fr as reponse
from measures
cross join tested
order by measures.median_measured desc, measures.group_name asc
