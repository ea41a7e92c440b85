-- Order lines with the supplier, product and price of the offer version valid when they were
-- ordered, and the rate to the euro of that day.
-- Grain: one row per order_line_id.
{{ config(materialized='table') }}

with order_lines as (
    select * from {{ ref('stg_marketplace__order_lines') }}
),

orders as (
    select
        order_id,
        customer_id,
        country_code,
        currency_code,
        ordered_at,
        {{ reporting_date('ordered_at') }} as order_date
    from {{ ref('stg_marketplace__orders') }}
),

offer_versions as (
    select * from {{ ref('int_offer_versions') }}
),

erased_customers as (
    select * from {{ ref('stg_marketplace__erased_customers') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
)

select
    order_lines.order_line_id,
    order_lines.order_id,
    case when erased_customers.customer_id is null then orders.customer_id end as customer_id,
    offer_versions.offer_version_id,
    offer_versions.supplier_id,
    offer_versions.product_id,
    orders.country_code,
    orders.currency_code,
    order_lines.state,
    order_lines.quantity,
    case
        when order_lines.state in ('shipped', 'refunded_after_shipping')
            then order_lines.quantity
        else 0
    end as ordered_units,
    order_lines.unit_price,
    fx_rates.eur_rate,
    cast(order_lines.unit_price * fx_rates.eur_rate as decimal(14, 4)) as unit_price_eur,
    orders.ordered_at,
    orders.order_date,
    cast(date_trunc('month', orders.order_date) as date) as order_month,
    order_lines.promised_at
from order_lines
inner join orders
    on order_lines.order_id = orders.order_id
inner join offer_versions
    on
        order_lines.product_list_id = offer_versions.product_list_id
        and orders.ordered_at >= offer_versions.valid_from
        and (
            orders.ordered_at < offer_versions.valid_to
            or offer_versions.valid_to is null
        )
left join erased_customers
    on orders.customer_id = erased_customers.customer_id
left join fx_rates
    on
        orders.currency_code = fx_rates.currency_code
        and orders.order_date = fx_rates.rate_date
