-- Refunds of one line that add up to more than it cost: one of them was booked twice, or fees are
-- among them. Which one is wrong is not known, so all stay. Refunds in another currency than the
-- order are not compared.
{{ config(severity='warn') }}

with refunded as (
    select
        order_line_id,
        count(*) as refunds,
        sum(amount) as amount,
        sum(refund_ratio) as refund_ratio
    from {{ ref('fct_refunds') }}
    where refund_ratio is not null
    group by order_line_id
)

select
    order_line_id,
    refunds,
    amount,
    refund_ratio
from refunded
where refund_ratio > 1 + 1E-9
