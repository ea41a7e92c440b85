-- Every rating of an order line, its phase, and whether it counts.
-- Grain: one row per rating_id.
with ratings as (
    select * from {{ ref('int_ratings_phased') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
)

select
    -- keys
    ratings.rating_id,
    ratings.order_line_id,
    {{ keyed_hash('customer', 'ratings.customer_id') }} as customer_id,
    order_lines.offer_version_id,
    order_lines.supplier_id,
    order_lines.product_id,

    -- attributes
    ratings.rating_phase,
    ratings.perceived_grade,

    -- measures
    ratings.score,

    -- booleans
    ratings.is_latest_in_phase,
    ratings.score >= 4 as is_satisfied,

    -- times
    order_lines.order_month,
    ratings.rated_at
from ratings
inner join order_lines
    on ratings.order_line_id = order_lines.order_line_id
