-- H1.1 Is there a link between the supplier and the quality of the product?
select
    supplier_name as supplier,
    verdict,
    ordered_units,
    round(100 * return_rate, 1) as percent_returned,
    round(100 * defect_return_rate, 1) as percent_defective,
    round(100 * defect_return_rate_low, 1) as at_least,
    round(100 * defect_return_rate_high, 1) as at_most,
    round(observed_expected_ratio, 2) as times_its_peers,
    round(avg_rating, 2) as mean_rating
from {{ ref('mart_supplier_scorecard') }}
where ordered_units > 0
order by quality_rank nulls last, supplier_id
