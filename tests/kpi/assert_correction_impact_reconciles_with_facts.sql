-- Each correction that changed a grade is in one month and in one kind of it, and a corrected offer
-- sold in its weeks what the lines say.
with corrections as (
    select count(*) as corrections
    from {{ ref('fct_grade_corrections') }}
    where status = 'corrected'
),

months as (
    select
        coalesce(sum(corrections) filter (where correction_kind = 'all'), 0) as corrections,
        coalesce(sum(corrections) filter (where correction_kind <> 'all'), 0) as of_kinds
    from {{ ref('mart_correction_impact') }}
    where span_months = 1
),

daily_sales as (
    select
        offers.product_list_id,
        order_lines.order_date,
        sum(order_lines.ordered_units) as units
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('dim_offers') }} as offers
        on order_lines.offer_version_id = offers.offer_version_id
    group by offers.product_list_id, order_lines.order_date
),

sold as (
    select
        windows.correction_id,
        sum(daily_sales.units) as units
    from {{ ref('mart_correction_windows') }} as windows
    inner join {{ ref('fct_grade_corrections') }} as corrections
        on windows.correction_id = corrections.correction_id
    inner join daily_sales
        on
            corrections.product_list_id = daily_sales.product_list_id
            and abs({{ dbt.datediff('windows.correction_date', 'daily_sales.order_date', 'day') }})
            between 1 and {{ 7 * var('correction_window_weeks') }}
    group by windows.correction_id
)

select
    windows.correction_id,
    sold.units
from {{ ref('mart_correction_windows') }} as windows
left join sold
    on windows.correction_id = sold.correction_id
where
    windows.corrected_units_before + windows.corrected_units_after <> coalesce(sold.units, 0)

union all

select
    cast(null as string) as correction_id,
    corrections.corrections as units
from corrections
cross join months
where
    months.corrections <> corrections.corrections
    or months.of_kinds <> corrections.corrections
