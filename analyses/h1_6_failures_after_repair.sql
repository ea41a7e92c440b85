-- H1.6 How many repaired devices fail again, by repairer? First repairs that have been watched
-- for the whole window of a repeat repair.
with tested as (
    select * from {{ ref('mart_hypothesis_tests') }}
    where test_id = 'h1_6_repairer_repeat_repair'
),

shares as (
    select * from {{ ref('mart_hypothesis_shares') }}
    where sample_id = 'repairer_repeat_repair'
)

select
    shares.group_name as repairer,
    shares.trials as repaired_units,
    shares.successes as repaired_again,
    round(100 * shares.success_share, 1) as percent_repaired_again,
    round(100 * shares.success_share_low, 1) as at_least,
    round(100 * shares.success_share_high, 1) as at_most,
    tested.verdict_en as answer,
    tested.verdict_fr as reponse
from shares
cross join tested
order by shares.success_share desc, shares.group_name asc
