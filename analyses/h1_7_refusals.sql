-- H1.7 Are there too many refusals, and do they depend on the supplier? Decided returns.
with tested as (
    select * from {{ ref('mart_hypothesis_tests') }}
    where test_id = 'h1_7_supplier_refusal'
),

shares as (
    select * from {{ ref('mart_hypothesis_shares') }}
    where sample_id = 'supplier_refusal'
)

select
    shares.group_name as supplier,
    shares.trials as decided_returns,
    shares.successes as refused_returns,
    round(100 * shares.success_share, 1) as percent_refused,
    round(100 * shares.success_share_low, 1) as at_least,
    round(100 * shares.success_share_high, 1) as at_most,
    tested.verdict_en as answer,
    tested.verdict_fr as reponse
from shares
cross join tested
order by shares.success_share desc, shares.group_name asc
