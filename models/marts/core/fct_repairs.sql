-- Every repair of a unit, its turnaround, its cost, and whether the unit had to come again.
-- Grain: one row per repair_id.
with repairs as (
    select * from {{ ref('int_repairs_sequenced') }}
),

order_lines as (
    select * from {{ ref('int_returned_lines') }}
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

costs as (
    select * from {{ ref('int_repair_costs') }}
),

followed as (
    select
        repairs.*,
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
    order_lines.offer_version_id,
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
    costs.repair_cost,
    costs.repair_cost_eur,
    order_lines.unit_price_eur as sale_price_eur,

    -- booleans
    followed.returned_to_customer_at is not null as is_finished,
    costs.is_first_costed,
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
inner join costs
    on followed.repair_id = costs.repair_id
