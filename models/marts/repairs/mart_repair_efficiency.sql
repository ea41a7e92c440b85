-- How fast and how well the devices of each supplier are repaired. Read the index beside its
-- parts: speed moves it far more than quality does.
-- Grain: one row per supplier_id with an order line.
with order_lines as (
    select
        supplier_id,
        cast(sum(ordered_units) as bigint) as ordered_units,
        cast(sum(returned_units) as bigint) as returned_units,
        cast(sum(repair_events) as bigint) as repair_events,
        bool_and(confirmed_defect_units is not null) as are_defects_known
    from {{ ref('fct_order_lines') }}
    group by supplier_id
),

repairs as (
    select
        supplier_id,
        {{ repair_counts() }}
    from {{ ref('fct_repairs') }}
    group by supplier_id
),

joined as (
    select
        order_lines.supplier_id,
        order_lines.ordered_units,
        order_lines.returned_units,
        order_lines.repair_events,
        {{ repair_parts('order_lines.repair_events', 'order_lines.are_defects_known') }},
        {{ rate('order_lines.returned_units', 'order_lines.ordered_units') }} as return_rate
    from order_lines
    left join repairs
        on order_lines.supplier_id = repairs.supplier_id
)

select
    *,
    (1 - return_rate) / nullif(mean_turnaround_days, 0) as repair_efficiency,
    (1 - repeat_repair_rate) / nullif(mean_turnaround_days, 0) as repair_efficiency_repaired_only
from joined
