-- Every repair of a unit, its turnaround, its cost, and whether the unit had to come again.
-- Grain: one row per repair_id.
with repairs as (
    select * from {{ ref('int_repairs_sequenced') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_attributed') }}
),

afterwards as (
    select * from {{ ref('int_repairs_followed') }}
),

as_of_date as (
    select * from {{ ref('int_as_of_date') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

followed as (
    select
        repairs.*,
        {{ reporting_date('repairs.sent_to_service_at') }} as sent_date,
        repairs.parts_cost + repairs.labour_cost + repairs.shipping_cost as repair_cost,
        -- only the first repair of a unit that the whole window has watched tells a rate
        repairs.repair_number = 1
        and repairs.returned_to_customer_at is not null
        and {{ dbt.dateadd(
            'day', var('repeat_repair_window_days'),
            reporting_date('repairs.returned_to_customer_at')
        ) }} <= as_of_date.as_of_date as is_followed_up,
        coalesce(
            {{ elapsed_days('repairs.returned_to_customer_at', 'repairs.next_sent_to_service_at') }}
            between 0 and {{ var('repeat_repair_window_days') }},
            false
        ) as is_sent_again,
        {{ elapsed_days('repairs.returned_to_customer_at', 'afterwards.next_same_defect_sent_at') }}
        <= {{ var('repeat_repair_window_days') }} as is_same_defect_again,
        {{ elapsed_days('repairs.returned_to_customer_at', 'afterwards.next_defect_requested_at') }}
        <= {{ var('repeat_repair_window_days') }} as is_soon_defective_again,
        afterwards.next_defect_requested_at,
        presence.has_defects
    from repairs
    left join afterwards
        on repairs.repair_id = afterwards.repair_id
    cross join as_of_date
    cross join presence
)

select
    -- keys
    followed.repair_id,
    followed.return_line_id,
    followed.order_line_id,
    followed.unit_number,
    order_lines.supplier_id,
    order_lines.product_id,
    followed.repairer_id,

    -- attributes
    followed.outcome,
    followed.currency_code,

    -- measures
    cast(followed.repair_number as integer) as repair_number,
    cast(
        {{ elapsed_days('followed.sent_to_service_at', 'followed.returned_to_customer_at') }}
        as double
    ) as turnaround_days,
    followed.parts_cost,
    followed.labour_cost,
    followed.shipping_cost,
    cast(followed.repair_cost as decimal(14, 4)) as repair_cost,
    cast(followed.repair_cost * fx_rates.eur_rate as decimal(14, 4)) as repair_cost_eur,
    order_lines.unit_price_eur as sale_price_eur,

    -- booleans
    followed.returned_to_customer_at is not null as is_finished,
    followed.is_followed_up,
    followed.is_followed_up and followed.is_sent_again as is_repeat_repaired,
    -- null without an extract of defects
    {% for happened, condition in [
        ('is_repeat_repaired_same_defect',
            'followed.is_followed_up and coalesce(followed.is_same_defect_again, false)'),
        ('is_defective_again', 'followed.next_defect_requested_at is not null'),
        ('is_defective_again_in_window',
            'followed.is_followed_up and coalesce(followed.is_soon_defective_again, false)'),
    ] -%}
    case when followed.has_defects then {{ condition }} end as {{ happened }},
    {% endfor %}
    -- times
    order_lines.order_month,
    followed.sent_to_service_at,
    followed.started_at,
    followed.finished_at,
    followed.returned_to_customer_at
from followed
inner join order_lines
    on followed.order_line_id = order_lines.order_line_id
left join fx_rates
    on
        followed.currency_code = fx_rates.currency_code
        and followed.sent_date = fx_rates.rate_date
