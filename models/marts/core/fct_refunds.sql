-- Every refund, and its share of what the line cost.
-- Grain: one row per refund_id.
with refunds as (
    select
        *,
        {{ reporting_date('refunded_at') }} as refund_date
    from {{ ref('stg_marketplace__refunds') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
)

select
    -- keys
    refunds.refund_id,
    refunds.order_line_id,
    refunds.return_line_id,
    order_lines.supplier_id,
    order_lines.product_id,

    -- attributes
    refunds.refund_type,
    refunds.currency_code,

    -- measures
    refunds.amount,
    cast(refunds.amount * fx_rates.eur_rate as decimal(14, 4)) as amount_eur,
    cast(case
        when refunds.currency_code = order_lines.currency_code
            then refunds.amount / (order_lines.quantity * order_lines.unit_price)
    end as double) as refund_ratio,

    -- times
    order_lines.order_month,
    refunds.refunded_at
from refunds
inner join order_lines
    on refunds.order_line_id = order_lines.order_line_id
left join fx_rates
    on
        refunds.currency_code = fx_rates.currency_code
        and refunds.refund_date = fx_rates.rate_date
