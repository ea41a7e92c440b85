-- H1.6 How many repaired devices fail again, and is the repair worth its price?
select
    category,
    followed_up_units,
    again_defective_followed_up_units as again_defective_units,
    round(100 * again_defective_rate, 1) as percent_defective_again,
    round(100 * again_defective_rate_low, 1) as at_least,
    round(100 * again_defective_rate_high, 1) as at_most,
    round(100 * repair_cost_ratio, 1) as cost_percent_of_price,
    round(100 * dearer_than_device_rate, 1) as percent_dearer_than_device
from {{ ref('mart_category_repairs') }}
where repaired_units > 0
order by followed_up_units desc, category asc
