-- What customers think of the grade of what they got, beside the grade that was announced: below 0
-- it was worse than announced.
-- Grain: one row per (supplier_id, category, order_month, rating_phase) with a rating that names a
-- perceived grade.
with perceived as (
    select
        ratings.supplier_id,
        products.category,
        ratings.order_month,
        coalesce(ratings.rating_phase, 'unknown') as rating_phase,
        perceived.grade_rank - announced.grade_rank as perceived_gap
    from {{ ref('fct_ratings') }} as ratings
    inner join {{ ref('fct_order_lines') }} as order_lines
        on ratings.order_line_id = order_lines.order_line_id
    inner join {{ ref('dim_products') }} as products
        on ratings.product_id = products.product_id
    inner join {{ ref('dim_offers') }} as offers
        on order_lines.offer_version_id = offers.offer_version_id
    inner join {{ ref('grade_scale') }} as perceived
        on ratings.perceived_grade = perceived.grade
    inner join {{ ref('grade_scale') }} as announced
        on offers.announced_grade = announced.grade
    where ratings.is_latest_in_phase
),

added_up as (
    select
        supplier_id,
        category,
        order_month,
        rating_phase,
        count(*) as perceived_ratings,
        cast(sum(perceived_gap) as bigint) as perceived_gap_sum,
        cast(sum(perceived_gap * perceived_gap) as bigint) as perceived_gap_squares_sum,
        count(*) filter (where perceived_gap < 0) as worse_ratings,
        count(*) filter (where perceived_gap > 0) as better_ratings
    from perceived
    group by supplier_id, category, order_month, rating_phase
)

select
    *,
    {{ rate('perceived_gap_sum', 'perceived_ratings') }} as mean_perceived_gap,
    {{ rate_with_bounds('worse_ratings', 'perceived_ratings', 'worse_than_announced_rate') }}
from added_up
