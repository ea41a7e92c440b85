-- Sales of a corrected offer before and after its correction beside those of its controls, offers
-- of the product that were not corrected in these weeks. What is usable has a whole window on
-- either side, no second correction in it, and a control.
-- Grain: one row per correction_id that changed a grade.
{% set length = 7 * (var('correction_window_weeks') | int(4)) -%}
{% set measures = ['units_before', 'units_after', 'revenue_before_eur', 'revenue_after_eur'] -%}
with corrections as (
    select
        correction_id,
        product_id,
        {{ reporting_date('corrected_at') }} as correction_date,
        {{ reporting_month('corrected_at') }} as correction_month,
        coalesce(price_after <> price_before, false) as is_price_adjusted
    from {{ ref('fct_grade_corrections') }}
    where status = 'corrected'
),

sales as (
    select
        correction_id,
        {% for measure in measures -%}
        sum(case when is_corrected_offer then {{ measure }} end) as corrected_{{ measure }},
        sum(case when not is_corrected_offer and not is_disturbed then {{ measure }} end)
            as control_{{ measure }},
        {% endfor -%}
        cast(coalesce(
            sum(case when not is_corrected_offer and not is_disturbed then offers end), 0
        ) as bigint) as control_offers,
        bool_or(is_corrected_offer and is_disturbed) as is_corrected_again
    from {{ ref('mart_correction_comparisons') }}
    group by correction_id
),

first_order as (
    select min(order_date) as first_date from {{ ref('fct_order_lines') }}
),

judged as (
    select
        corrections.*,
        {{ dbt.dateadd('day', -length, 'corrections.correction_date') }} >= first_order.first_date
        and {{ dbt.dateadd('day', length, 'corrections.correction_date') }} <= calendar.as_of_date
            as is_complete
    from corrections
    cross join first_order
    inner join {{ ref('dim_dates') }} as calendar
        on corrections.correction_date = calendar.date_day
)

select
    judged.correction_id,
    judged.product_id,
    sales.control_offers,
    {% for side in ['corrected', 'control'] -%}
    {% for measure in measures -%}
    cast(
        sales.{{ side }}_{{ measure }} as {{ 'bigint' if 'units' in measure else 'decimal(18, 4)' }}
    ) as {{ side }}_{{ measure }},
    {% endfor -%}
    -- by way of six decimals: half of the last digit is no exact double, and goes either way
    cast(cast(
        sales.{{ side }}_revenue_before_eur * sales.{{ side }}_units_after
        / nullif(sales.{{ side }}_units_before, 0) as decimal(28, 6)
    ) as decimal(18, 4)) as {{ side }}_revenue_at_old_prices_eur,
    {% endfor -%}
    judged.is_price_adjusted,
    judged.is_complete,
    sales.is_corrected_again,
    judged.is_complete and not sales.is_corrected_again and sales.control_offers > 0 as is_usable,
    judged.correction_date,
    judged.correction_month
from judged
inner join sales
    on judged.correction_id = sales.correction_id
