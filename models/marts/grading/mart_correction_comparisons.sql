-- What an offer whose grade was corrected sold in the weeks before and after, and what offers of
-- the same product sold on the same days that were on sale with it. The day itself is in neither.
-- Grain: one row per (correction_id, product_list_id) of corrections that changed a grade.
{% set length = 7 * (var('correction_window_weeks') | int(4)) -%}
with corrections as (
    select
        correction_id,
        product_list_id,
        product_id,
        evaluated_at,
        {{ reporting_date('corrected_at') }} as correction_date
    from {{ ref('fct_grade_corrections') }}
    where status = 'corrected'
),

compared as (
    select
        corrections.correction_id,
        corrections.correction_date,
        {{ dbt.dateadd('day', -length, 'corrections.correction_date') }} as first_date,
        {{ dbt.dateadd('day', length, 'corrections.correction_date') }} as last_date,
        offers.product_list_id,
        offers.product_list_id = corrections.product_list_id as is_corrected_offer
    from corrections
    inner join {{ ref('dim_offers') }} as offers
        on
            corrections.product_id = offers.product_id
            and corrections.evaluated_at >= offers.valid_from
            and (corrections.evaluated_at < offers.valid_to or offers.valid_to is null)
),

disturbed as (
    select distinct
        compared.correction_id,
        compared.product_list_id
    from compared
    inner join corrections
        on
            compared.product_list_id = corrections.product_list_id
            and compared.correction_id <> corrections.correction_id
            and corrections.correction_date between compared.first_date and compared.last_date
),

sold as (
    select
        offers.product_list_id,
        order_lines.order_date,
        sum(order_lines.ordered_units) as units,
        sum(order_lines.ordered_units * order_lines.unit_price_eur) as revenue_eur
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('dim_offers') }} as offers
        on order_lines.offer_version_id = offers.offer_version_id
    group by offers.product_list_id, order_lines.order_date
),

added_up as (
    select
        compared.correction_id,
        compared.product_list_id,
        compared.is_corrected_offer,
        sum(case when sold.order_date < compared.correction_date then sold.units end)
            as units_before,
        sum(case when sold.order_date < compared.correction_date then sold.revenue_eur end)
            as revenue_eur_before,
        sum(case when sold.order_date > compared.correction_date then sold.units end)
            as units_after,
        sum(case when sold.order_date > compared.correction_date then sold.revenue_eur end)
            as revenue_eur_after
    from compared
    left join sold
        on
            compared.product_list_id = sold.product_list_id
            and sold.order_date between compared.first_date and compared.last_date
    group by compared.correction_id, compared.product_list_id, compared.is_corrected_offer
)

select
    added_up.correction_id,
    added_up.product_list_id,
    {% for period in ['before', 'after'] -%}
    cast(coalesce(added_up.units_{{ period }}, 0) as bigint) as units_{{ period }},
    cast(added_up.revenue_eur_{{ period }} as decimal(18, 4)) as revenue_{{ period }}_eur,
    {% endfor -%}
    added_up.is_corrected_offer,
    disturbed.correction_id is not null as is_disturbed
from added_up
left join disturbed
    on
        added_up.correction_id = disturbed.correction_id
        and added_up.product_list_id = disturbed.product_list_id
