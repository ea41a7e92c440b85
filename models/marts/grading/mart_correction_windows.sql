-- Sales of a corrected offer before and after its correction beside those of its controls, offers
-- of the product that were on sale and not corrected in these weeks. What is usable was on sale for
-- a whole window on either side, with no second correction in it, and has a control.
-- Grain: one row per correction_id that changed a grade.
{% set length = 7 * (var('correction_window_weeks') | int(4)) -%}
{% set measures = ['units_before', 'units_after', 'revenue_before_eur', 'revenue_after_eur'] -%}
{% set sides = {
    'corrected': 'is_corrected_offer',
    'control': 'not is_corrected_offer and not is_disturbed and is_on_sale_throughout',
} -%}
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

-- Each offer at its own old price: what sells more dearly or cheaply than before is not what
-- sells more or less. By way of six decimals: half of the last digit is no exact double.
compared as (
    select
        *,
        case
            when priced_units_before > 0 and priced_units_after > 0 then cast(
                revenue_before_eur * priced_units_after / priced_units_before as decimal(28, 6)
            )
        end as revenue_at_old_prices_eur,
        case when priced_units_before > 0 and priced_units_after > 0 then revenue_after_eur end
            as revenue_at_new_prices_eur
    from {{ ref('mart_correction_comparisons') }}
),

sales as (
    select
        correction_id,
        {% for side, is_of_side in sides.items() -%}
        {% for measure in measures + ['revenue_at_old_prices_eur', 'revenue_at_new_prices_eur'] -%}
        sum(case when {{ is_of_side }} then {{ measure }} end) as {{ side }}_{{ measure }},
        {% endfor -%}
        {% endfor -%}
        count(*) filter (where {{ sides.control }}) as control_offers,
        bool_or(is_corrected_offer and is_disturbed) as is_corrected_again,
        bool_or(is_corrected_offer and is_on_sale_throughout) as is_on_sale_throughout
    from compared
    group by correction_id
),

first_order as (
    select min(order_date) as first_date from {{ ref('fct_order_lines') }}
),

known as (
    select
        corrections.*,
        {{ dbt.dateadd('day', -length, 'corrections.correction_date') }} >= first_order.first_date
        and {{ dbt.dateadd('day', length, 'corrections.correction_date') }} <= calendar.as_of_date
            as is_known_throughout
    from corrections
    cross join first_order
    inner join {{ ref('dim_dates') }} as calendar
        on corrections.correction_date = calendar.date_day
),

judged as (
    select
        sales.*,
        known.product_id,
        known.is_price_adjusted,
        known.is_known_throughout and sales.is_on_sale_throughout as is_complete,
        known.correction_date,
        known.correction_month
    from known
    inner join sales
        on known.correction_id = sales.correction_id
)

select
    correction_id,
    product_id,
    control_offers,
    {% for side in sides -%}
    {% for measure in measures + ['revenue_at_old_prices_eur', 'revenue_at_new_prices_eur'] -%}
    cast(
        {{ side }}_{{ measure }} as {{ 'bigint' if 'units' in measure else 'decimal(18, 4)' }}
    ) as {{ side }}_{{ measure }},
    {% endfor -%}
    {% endfor -%}
    is_price_adjusted,
    is_complete,
    is_corrected_again,
    is_complete and not is_corrected_again and control_offers > 0 as is_usable,
    correction_date,
    correction_month
from judged
