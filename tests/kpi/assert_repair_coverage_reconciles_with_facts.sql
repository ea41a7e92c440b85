-- The outcomes of confirmed defective units add up to all of them and to those of order lines;
-- those repaired are the units of which a return was.
{% set outcomes = ['repaired', 'replaced', 'refunded', 'refused', 'sent_back', 'pending'] -%}
with mart as (
    select
        category,
        supplier_id,
        confirmed_defect_units,
        {% for outcome in outcomes -%}
        {{ outcome }}_defect_units {{ '+' if not loop.last }}
        {% endfor %} as units_by_outcome,
        settled_defect_units + pending_defect_units as units_by_state,
        repaired_defect_units,
        sales_eur
    from {{ ref('mart_repair_coverage') }}
),

lines as (
    select
        products.category,
        order_lines.supplier_id,
        sum(order_lines.confirmed_defect_units) as confirmed_defect_units,
        sum(order_lines.ordered_units * order_lines.unit_price_eur) as sales_eur
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('dim_products') }} as products
        on order_lines.product_id = products.product_id
    group by products.category, order_lines.supplier_id
),

confirmed_units as (
    select
        order_line_id,
        unit_number,
        product_id,
        supplier_id
    from {{ ref('fct_returns') }}
    group by order_line_id, unit_number, product_id, supplier_id
    having bool_or(has_confirmed_defect) and bool_or(outcome = 'repaired')
),

repaired as (
    select
        products.category,
        confirmed_units.supplier_id,
        count(*) as repaired_defect_units
    from confirmed_units
    inner join {{ ref('dim_products') }} as products
        on confirmed_units.product_id = products.product_id
    group by products.category, confirmed_units.supplier_id
)

select
    coalesce(mart.category, lines.category) as category,
    coalesce(mart.supplier_id, lines.supplier_id) as supplier_id
from mart
full outer join lines
    on
        mart.category = lines.category
        and mart.supplier_id = lines.supplier_id
left join repaired
    on
        mart.category = repaired.category
        and mart.supplier_id = repaired.supplier_id
where
    mart.category is null
    or lines.category is null
    or mart.confirmed_defect_units is distinct from lines.confirmed_defect_units
    or mart.units_by_outcome is distinct from lines.confirmed_defect_units
    or mart.units_by_state is distinct from lines.confirmed_defect_units
    or mart.repaired_defect_units <> coalesce(repaired.repaired_defect_units, 0)
    or mart.sales_eur is distinct from lines.sales_eur
