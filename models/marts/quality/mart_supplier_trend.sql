-- Whether a supplier gets better or worse: defects back within 30 days of the order, in the last
-- quarter whose window is over and in the one before, with the bounds of the difference.
-- Grain: one row per supplier_id with an ordered unit in either quarter.
with last_quarter as (
    select
        max(order_quarter) as order_quarter,
        {{ dbt.dateadd('month', -3, 'max(order_quarter)') }} as previous_quarter
    from {{ ref('mart_supplier_quarters') }}
    where is_mature_30d
),

paired as (
    select
        quarters.supplier_id,
        cast(last_quarter.order_quarter as date) as order_quarter,
        {% for period, quarter in [
            ('previous', 'previous_quarter'), ('latest', 'order_quarter')
        ] -%}
        {% for measure in ['ordered_units', 'defect_returned_units_30d'] -%}
        cast(sum(case
            when quarters.order_quarter = last_quarter.{{ quarter }}
                then quarters.{{ measure }}
        end) as bigint) as {{ period }}_{{ measure }},
        {% endfor -%}
        {% endfor -%}
        max(quarters.as_of_date) as as_of_date
    from {{ ref('mart_supplier_quarters') }} as quarters
    inner join last_quarter
        on
            quarters.order_quarter >= last_quarter.previous_quarter
            and quarters.order_quarter <= last_quarter.order_quarter
    group by quarters.supplier_id, last_quarter.order_quarter
    having sum(quarters.ordered_units) > 0
),

compared as (
    select
        *,
        {{ rate('latest_defect_returned_units_30d', 'latest_ordered_units') }}
        - {{ rate('previous_defect_returned_units_30d', 'previous_ordered_units') }}
            as defect_return_30d_delta_points,
        {{ newcombe_low(
            'latest_defect_returned_units_30d', 'latest_ordered_units',
            'previous_defect_returned_units_30d', 'previous_ordered_units'
        ) }} as delta_points_low,
        {{ newcombe_high(
            'latest_defect_returned_units_30d', 'latest_ordered_units',
            'previous_defect_returned_units_30d', 'previous_ordered_units'
        ) }} as delta_points_high
    from paired
)

select
    supplier_id,
    order_quarter,
    case
        when delta_points_low > 0 then 'worsening'
        when delta_points_high < 0 then 'improving'
        when defect_return_30d_delta_points is not null then 'no clear change'
    end as trend,
    latest_ordered_units,
    latest_defect_returned_units_30d,
    previous_ordered_units,
    previous_defect_returned_units_30d,
    defect_return_30d_delta_points,
    delta_points_low as defect_return_30d_delta_points_low,
    delta_points_high as defect_return_30d_delta_points_high,
    as_of_date
from compared
