-- Returns that ended with a refusal, a repair or a refund, and when.
-- Grain: one row per return_line_id.
with requests as (
    select
        return_line_id,
        order_line_id,
        case
            when decision = 'refused' then 'refused'
            when outcome = 'repaired' then 'repaired'
            when outcome in ('refunded', 'partially_refunded') then 'refunded'
        end as outcome_group,
        case when decision = 'refused' then decided_at else closed_at end as ended_at
    from {{ ref('int_returns_classified') }}
),

order_lines as (
    select * from {{ ref('int_returned_lines') }}
)

select
    requests.return_line_id,
    requests.order_line_id,
    order_lines.ordered_at,
    order_lines.product_id,
    order_lines.customer_id,
    requests.outcome_group,
    requests.ended_at
from requests
inner join order_lines
    on requests.order_line_id = order_lines.order_line_id
where requests.outcome_group is not null and requests.ended_at is not null
