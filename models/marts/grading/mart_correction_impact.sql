-- Whether offers sell more after a correction of their grade than uncorrected offers of the product
-- on the same days: the ratio of ratios of units sold, pooled over corrections (Mantel and
-- Haenszel), with bounds that take a product as one observation: it shares controls.
-- Grain: one row per (correction_month, correction_kind, span_months) with a correction.
{% set measures = [
    'corrected_units_before', 'corrected_units_after', 'control_units_before',
    'control_units_after', 'corrected_revenue_at_old_prices_eur',
    'corrected_revenue_at_new_prices_eur', 'control_revenue_at_old_prices_eur',
    'control_revenue_at_new_prices_eur',
] -%}
with kinds as (
    {% for kind in ['all', 'price_adjusted', 'price_kept'] -%}
    select '{{ kind }}' as correction_kind
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

spans as (
    select 1 as span_months
    union all
    select 6 as span_months
),

months as (
    select distinct correction_month from {{ ref('mart_correction_windows') }}
),

windows as (
    select
        *,
        {{ rate('corrected_units_after * control_units_before',
            'corrected_units_before + corrected_units_after + control_units_before'
            ~ ' + control_units_after') }} as rising,
        {{ rate('corrected_units_before * control_units_after',
            'corrected_units_before + corrected_units_after + control_units_before'
            ~ ' + control_units_after') }} as falling
    from {{ ref('mart_correction_windows') }}
),

products as (
    select
        months.correction_month,
        kinds.correction_kind,
        spans.span_months,
        windows.product_id,
        count(*) as corrections,
        count(*) filter (where windows.is_usable) as usable_corrections,
        {% for measure in measures -%}
        sum(case
            when
                windows.is_usable
                {%- if 'prices' in measure %}
                and windows.corrected_revenue_at_old_prices_eur > 0
                and windows.control_revenue_at_old_prices_eur > 0
                {%- endif %}
                then windows.{{ measure }}
        end) as {{ measure }},
        {% endfor -%}
        {{ exact_sum('case when windows.is_usable then windows.rising end') }} as rising,
        {{ exact_sum('case when windows.is_usable then windows.falling end') }} as falling
    from months
    cross join kinds
    cross join spans
    inner join windows
        on
            months.correction_month >= windows.correction_month
            and {{ dbt.dateadd('month', '-1 * spans.span_months', 'months.correction_month') }}
            < windows.correction_month
            and (
                kinds.correction_kind = 'all'
                or (kinds.correction_kind = 'price_adjusted') = windows.is_price_adjusted
            )
    group by
        months.correction_month, kinds.correction_kind, spans.span_months, windows.product_id
)

select
    correction_month,
    correction_kind,
    span_months,
    cast(sum(corrections) as bigint) as corrections,
    cast(sum(usable_corrections) as bigint) as usable_corrections,
    count(*) filter (where rising > 0 or falling > 0) as compared_products,
    {% for measure in measures -%}
    cast(sum({{ measure }}) as {{ 'bigint' if 'units' in measure else 'decimal(18, 4)' }})
        as {{ measure }},
    {% endfor -%}
    {{ rate(exact_sum('rising'), exact_sum('falling')) }} - 1 as sales_effect_rel,
    {{ clustered_ratio_low('rising', 'falling') }} - 1 as sales_effect_rel_low,
    {{ clustered_ratio_high('rising', 'falling') }} - 1 as sales_effect_rel_high,
    {{ rate(
        'sum(corrected_revenue_at_new_prices_eur)', 'sum(corrected_revenue_at_old_prices_eur)'
    ) }}
    / nullif({{ rate(
        'sum(control_revenue_at_new_prices_eur)', 'sum(control_revenue_at_old_prices_eur)'
    ) }}, 0) - 1 as price_effect_rel
from products
group by correction_month, correction_kind, span_months
