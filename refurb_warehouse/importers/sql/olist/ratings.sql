-- Reviews of an order, as ratings of each of its lines.
-- Grain: one row per review row and line of its order.
select
    reviews.review_id || '-' || lines.order_line_id as rating_id,
    lines.order_line_id,
    orders.customer_id,
    reviews.review_score as score,
    null as perceived_grade,
    null as comment,
    local_to_utc(reviews.review_answer_timestamp, 'America/Sao_Paulo') as rated_at
from source.order_reviews as reviews
inner join work.lines as lines
    on reviews.order_id = lines.order_id
left join source.orders as orders
    on reviews.order_id = orders.order_id
