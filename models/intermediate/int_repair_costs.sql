-- What each repair cost, and whether it is the one that stands for its unit where the price of a
-- unit is set against all its repairs.
-- Grain: one row per repair_id.
with repairs as (
    select
        *,
        parts_cost + labour_cost + shipping_cost as repair_cost,
        {{ reporting_date('sent_to_service_at') }} as sent_date
    from {{ ref('int_repairs_sequenced') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

converted as (
    select
        repairs.repair_id,
        repairs.order_line_id,
        repairs.unit_number,
        repairs.repair_number,
        repairs.repair_cost,
        repairs.repair_cost * fx_rates.eur_rate as repair_cost_eur
    from repairs
    left join fx_rates
        on
            repairs.currency_code = fx_rates.currency_code
            and repairs.sent_date = fx_rates.rate_date
)

select
    repair_id,
    cast(repair_cost as decimal(14, 4)) as repair_cost,
    cast(repair_cost_eur as decimal(14, 4)) as repair_cost_eur,
    repair_cost_eur is not null and row_number() over (
        partition by order_line_id, unit_number, repair_cost_eur is null
        order by repair_number
    ) = 1 as is_first_costed
from converted
