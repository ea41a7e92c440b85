-- What a corrected offer, and others of its group, sold in the weeks before and after that day.
-- Grain: one row per (correction_id, product_list_id) of an offer that is compared.
{% set length = 7 * (var('correction_window_weeks') | int(4)) -%}
{% set days = dbt.datediff("cast('2000-01-01' as date)", 'DAY', 'day') -%}
{% set period_number = 'cast(floor(' ~ days ~ ' / ' ~ length ~ 'E0) as integer)' -%}
with compared as (
    select * from {{ ref('mart_correction_offers') }}
),

shifts as (
    {% for shift in [-1, 0, 1] -%}
    select {{ shift }} as shift
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A window lies in three periods of its length: joined by these, not all sales of an offer are
-- looked at for each correction. No more columns than that, since a large join keeps these rows;
-- and the offers are read anew, since of what is read twice a copy is kept.
periods as (
    select
        offers.correction_id,
        offers.product_list_id,
        offers.correction_date,
        {{ period_number.replace('DAY', 'offers.correction_date') }} + shifts.shift
            as period_number
    from {{ ref('mart_correction_offers') }} as offers
    cross join shifts
),

sold as (
    select
        offers.product_list_id,
        sale.order_date,
        {{ period_number.replace('DAY', 'sale.order_date') }} as period_number,
        cast(sum(sale.ordered_units) as bigint) as units,
        cast(sum(case
            when sale.unit_price_eur is not null then sale.ordered_units
        end) as bigint) as priced_units,
        cast(sum(sale.ordered_units * sale.unit_price_eur) as decimal(18, 4)) as revenue_eur
    from {{ ref('fct_order_lines') }} as sale
    inner join {{ ref('dim_offers') }} as offers
        on sale.offer_version_id = offers.offer_version_id
    group by offers.product_list_id, sale.order_date
),

sales as (
    select
        periods.correction_id,
        periods.product_list_id
        {%- for period, comparison in [('before', '<'), ('after', '>')] %}
        {%- for measure in ['units', 'priced_units', 'revenue'] %}
        {%- set column = measure ~ ('_eur' if measure == 'revenue') %},
        sum(case
            when sold.order_date {{ comparison }} periods.correction_date then sold.{{ column }}
        end) as {{ measure }}_{{ period }}
        {%- endfor %}
        {%- endfor %}
    from periods
    inner join sold
        on
            periods.product_list_id = sold.product_list_id
            and periods.period_number = sold.period_number
            and sold.order_date
            between {{ dbt.dateadd('day', -length, 'periods.correction_date') }}
            and {{ dbt.dateadd('day', length, 'periods.correction_date') }}
    group by periods.correction_id, periods.product_list_id
)

select
    compared.correction_id,
    compared.product_list_id,
    {% for period in ['before', 'after'] -%}
    {% for units in ['units', 'priced_units'] -%}
    cast(coalesce(sales.{{ units }}_{{ period }}, 0) as bigint) as {{ units }}_{{ period }},
    {% endfor -%}
    cast(sales.revenue_{{ period }} as decimal(18, 4)) as revenue_{{ period }}_eur,
    {% endfor -%}
    compared.is_corrected_offer,
    compared.is_disturbed,
    compared.is_on_sale_throughout
from compared
left join sales
    on
        compared.correction_id = sales.correction_id
        and compared.product_list_id = sales.product_list_id
