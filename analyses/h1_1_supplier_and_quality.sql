-- H1.1 Is there a link between the supplier and the quality of the product? Per supplier, the
-- share of units with a confirmed defect, of orders that are a year old.
with tested as (
    select * from {{ ref('mart_hypothesis_tests') }}
    where test_id = 'h1_1_supplier_defect'
),

shares as (
    select * from {{ ref('mart_hypothesis_shares') }}
    where sample_id = 'supplier_defect'
)

select
    shares.group_name as supplier,
    shares.trials as ordered_units,
    shares.successes as defective_units,
    round(100 * shares.success_share, 1) as percent_defective,
    round(100 * shares.success_share_low, 1) as at_least,
    round(100 * shares.success_share_high, 1) as at_most,
    tested.verdict_en as answer,
    tested.verdict_fr as reponse
from shares
cross join tested
order by shares.success_share desc, shares.group_name asc
