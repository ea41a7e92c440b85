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

compared as (
    select
        corrections.correction_id,
        offers.product_list_id,
        corrections.correction_date,
        corrections.product_list_id = offers.product_list_id as is_corrected_offer
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
    compared.correction_date
from compared
left join disturbed
    on
        compared.correction_id = disturbed.correction_id
        and compared.product_list_id = disturbed.product_list_id
