-- H1.5 How long does the first answer of the service take? Cases that were answered; automatic
-- messages answer nothing.
with tested as (
    select * from {{ ref('mart_hypothesis_tests') }}
    where test_id = 'h1_5_case_type_response'
),

measures as (
    select * from {{ ref('mart_hypothesis_measures') }}
    where sample_id = 'case_type_response'
)

select
    measures.group_name as kind_of_case,
    measures.observations as answered_cases,
    round(measures.median_measured, 1) as median_hours,
    round(measures.mean_measured, 1) as mean_hours,
    tested.verdict_en as answer,
    tested.verdict_fr as reponse
from measures
cross join tested
order by measures.median_measured desc, measures.group_name asc
