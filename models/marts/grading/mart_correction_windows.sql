-- Sales of a corrected offer before and after its correction beside those of its controls, offers
-- of the product that were not corrected in these weeks. What is usable has a whole window on
-- either side, no second correction in it, and a control.
-- Grain: one row per correction_id that changed a grade.
{% set length = 7 * (var('correction_window_weeks') | int(4)) -%}
{% set measures = ['units_before', 'units_after', 'revenue_before_eur', 'revenue_after_eur'] -%}
{% set sides = {
    'corrected': 'is_corrected_offer', 'control': 'not is_corrected_offer and not is_disturbed'
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
        bool_or(is_corrected_offer and is_disturbed) as is_corrected_again
    from compared
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
    {% for side in sides -%}
    {% for measure in measures + ['revenue_at_old_prices_eur', 'revenue_at_new_prices_eur'] -%}
    cast(
        sales.{{ side }}_{{ measure }} as {{ 'bigint' if 'units' in measure else 'decimal(18, 4)' }}
    ) as {{ side }}_{{ measure }},
    {% endfor -%}
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
