-- Offers that the corrected offer is compared with, and which of all these were corrected again in
-- the weeks before or after.
-- Grain: one row per (correction_id, product_list_id) of an offer that is compared.
{% set length = 7 * (var('correction_window_weeks') | int(4)) -%}
with corrections as (
    select
        corrections.correction_id,
        corrections.product_list_id,
        corrections.product_id,
        corrections.evaluated_at,
        control_groups.group_number,
        {{ reporting_date('corrections.corrected_at') }} as correction_date
    from {{ ref('fct_grade_corrections') }} as corrections
    inner join {{ ref('mart_control_groups') }} as control_groups
        on
            corrections.product_id = control_groups.product_id
            and corrections.product_list_id = control_groups.product_list_id
    where corrections.status = 'corrected'
),

listings as (
    select
        product_list_id,
        {{ reporting_date('min(valid_from)') }} as first_date,
        case when count(*) = count(valid_to) then {{ reporting_date('max(valid_to)') }} end
            as last_date
    from {{ ref('dim_offers') }}
    group by product_list_id
),

compared as (
    select
        corrections.correction_id,
        offers.product_list_id,
        corrections.correction_date,
        corrections.product_list_id = offers.product_list_id as is_corrected_offer,
        listings.first_date <= {{ dbt.dateadd('day', -length, 'corrections.correction_date') }}
        and (
            listings.last_date >= {{ dbt.dateadd('day', length, 'corrections.correction_date') }}
            or listings.last_date is null
        ) as is_on_sale_throughout
    from corrections
    inner join {{ ref('mart_control_groups') }} as members
        on
            corrections.product_id = members.product_id
            and corrections.group_number = members.group_number
    inner join {{ ref('dim_offers') }} as offers
        on
            members.product_id = offers.product_id
            and members.product_list_id = offers.product_list_id
            and corrections.evaluated_at >= offers.valid_from
            and (corrections.evaluated_at < offers.valid_to or offers.valid_to is null)
    inner join listings
        on offers.product_list_id = listings.product_list_id
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
            and corrections.correction_date
            between {{ dbt.dateadd('day', -length, 'compared.correction_date') }}
            and {{ dbt.dateadd('day', length, 'compared.correction_date') }}
)

select
    compared.correction_id,
    compared.product_list_id,
    compared.is_corrected_offer,
    disturbed.correction_id is not null as is_disturbed,
    compared.is_on_sale_throughout,
    compared.correction_date
from compared
left join disturbed
    on
        compared.correction_id = disturbed.correction_id
        and compared.product_list_id = disturbed.product_list_id
