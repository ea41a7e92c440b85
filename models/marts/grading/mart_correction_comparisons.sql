-- What a corrected offer, and others of its group, sold in the weeks before and after that day.
-- Grain: one row per (correction_id, product_list_id) of an offer that is compared.
{% set length = 7 * (var('correction_window_weeks') | int(4)) -%}
{% set days = dbt.datediff("cast('2000-01-01' as date)", 'DAY', 'day') -%}
{% set period_number = 'cast(floor(' ~ days ~ ' / ' ~ length ~ 'E0) as bigint)' -%}
{% set correction_date = reporting_date('corrections.corrected_at') -%}
with corrections as (
    select
        corrections.correction_id,
        corrections.product_list_id,
        corrections.product_id,
        corrections.evaluated_at,
        control_groups.group_number,
        {{ correction_date }} as correction_date,
        {{ dbt.dateadd('day', -length, correction_date) }} as first_date,
        {{ dbt.dateadd('day', length, correction_date) }} as last_date
    from {{ ref('fct_grade_corrections') }} as corrections
    inner join {{ ref('mart_control_groups') }} as control_groups
        on
            corrections.product_id = control_groups.product_id
            and corrections.product_list_id = control_groups.product_list_id
    where corrections.status = 'corrected'
),

-- A window lies in three periods of its length: joined by these, not all sales of an offer are
-- looked at for each correction. In period -1 every offer stands once, even if it sold nothing.
periods as (
    {% for period in [period_number ~ ' - 1', period_number, period_number ~ ' + 1', '-1'] -%}
    select
        *,
        {{ period.replace('DAY', 'correction_date') }} as period_number
    from corrections
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

disturbed as (
    select distinct
        periods.correction_id,
        corrections.product_list_id
    from periods
    inner join corrections
        on
            periods.product_id = corrections.product_id
            and periods.group_number = corrections.group_number
            and periods.period_number
            = {{ period_number.replace('DAY', 'corrections.correction_date') }}
            and periods.correction_id <> corrections.correction_id
            and corrections.correction_date between periods.first_date and periods.last_date
),

sold as (
    select
        offers.product_list_id,
        sale.order_date,
        {{ period_number.replace('DAY', 'sale.order_date') }} as period_number,
        sum(sale.ordered_units) as units,
        sum(case when sale.unit_price_eur is not null then sale.ordered_units end) as priced_units,
        sum(sale.ordered_units * sale.unit_price_eur) as revenue_eur
    from {{ ref('fct_order_lines') }} as sale
    inner join {{ ref('dim_offers') }} as offers
        on sale.offer_version_id = offers.offer_version_id
    group by offers.product_list_id, sale.order_date

    union all

    select distinct
        product_list_id,
        cast(null as date) as order_date,
        -1 as period_number,
        0 as units,
        0 as priced_units,
        0 as revenue_eur
    from {{ ref('mart_control_groups') }}
)

select
    periods.correction_id,
    offers.product_list_id,
    {% for period, comparison in [('before', '<'), ('after', '>')] -%}
    {% set is_inside = 'sold.order_date ' ~ comparison ~ ' periods.correction_date' -%}
    {% for units in ['units', 'priced_units'] -%}
    cast(coalesce(sum(case when {{ is_inside }} then sold.{{ units }} end), 0) as bigint)
        as {{ units }}_{{ period }},
    {% endfor -%}
    cast(sum(case when {{ is_inside }} then sold.revenue_eur end) as decimal(18, 4))
        as revenue_{{ period }}_eur,
    {% endfor -%}
    periods.product_list_id = offers.product_list_id as is_corrected_offer,
    disturbed.correction_id is not null as is_disturbed
from periods
inner join {{ ref('mart_control_groups') }} as members
    on periods.product_id = members.product_id and periods.group_number = members.group_number
inner join {{ ref('dim_offers') }} as offers
    on
        members.product_id = offers.product_id
        and members.product_list_id = offers.product_list_id
        and periods.evaluated_at >= offers.valid_from
        and (periods.evaluated_at < offers.valid_to or offers.valid_to is null)
inner join sold
    on
        offers.product_list_id = sold.product_list_id
        and periods.period_number = sold.period_number
        and coalesce(sold.order_date between periods.first_date and periods.last_date, true)
left join disturbed
    on
        periods.correction_id = disturbed.correction_id
        and offers.product_list_id = disturbed.product_list_id
group by
    periods.correction_id, periods.product_list_id, offers.product_list_id, disturbed.correction_id
