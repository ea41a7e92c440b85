-- Every delivered unit leaves observation once; the life table starts with those that have lived
-- through a period; and the causes of each curve add up to any, which is what has not survived.
with as_of_date as (
    select max(as_of_date) as as_of_date from {{ ref('dim_dates') }}
),

delivered as (
    select
        order_lines.supplier_id,
        sum(order_lines.delivered_units) as delivered_units
    from {{ ref('fct_order_lines') }} as order_lines
    cross join as_of_date
    where
        order_lines.delivered_units > 0
        and order_lines.returned_units is not null
        and {{ reporting_date('order_lines.delivered_at') }} <= as_of_date.as_of_date
    group by order_lines.supplier_id
),

exits as (
    select
        supplier_id,
        sum(exited_units) as exited_units,
        sum(case when exit_period > 0 then exited_units else 0 end) as lived_units
    from {{ ref('mart_service_exits') }}
    group by supplier_id
),

first_periods as (
    select
        dimension_value as supplier_id,
        units_at_risk
    from {{ ref('mart_service_survival') }}
    where dimension_name = 'supplier' and age_days = {{ service_period_days() }}
),

curves as (
    select
        dimension_name,
        dimension_value,
        age_days,
        sum(case when cause <> 'any' then failed_share else 0 end) as share_of_causes,
        max(case when cause = 'any' then failed_share end) as share_of_any,
        sum(case when cause <> 'any' then failed_units else 0 end) as units_of_causes,
        max(case when cause = 'any' then failed_units end) as units_of_any
    from {{ ref('mart_reliability_curve') }}
    group by dimension_name, dimension_value, age_days
)

select 'exits of ' || delivered.supplier_id as broken
from delivered
left join exits
    on delivered.supplier_id = exits.supplier_id
left join first_periods
    on delivered.supplier_id = first_periods.supplier_id
where
    delivered.delivered_units is distinct from exits.exited_units
    or coalesce(first_periods.units_at_risk, 0) <> exits.lived_units

union all

select 'curve of ' || curves.dimension_value as broken
from curves
inner join {{ ref('mart_service_survival') }} as life_table
    on
        curves.dimension_name = life_table.dimension_name
        and curves.dimension_value = life_table.dimension_value
        and curves.age_days = life_table.age_days
where
    abs(curves.share_of_any - curves.share_of_causes) > 1E-9
    or abs(1 - curves.share_of_any - life_table.surviving_share) > 1E-9
    or curves.units_of_any <> curves.units_of_causes
    or curves.units_of_any <> life_table.failed_units
