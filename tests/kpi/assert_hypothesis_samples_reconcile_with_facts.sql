-- What the hypothesis tests compare adds up to the facts: units, repairs, returns, people and
-- lines, each counted here without the groups. Nobody is compared twice or lost.
with mature_lines as (
    select order_lines.*
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('dim_dates') }} as months
        on order_lines.order_month = months.date_day
    where months.is_mature_365d
),

young_lines as (
    select order_lines.*
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('dim_dates') }} as months
        on order_lines.order_month = months.date_day
    where months.is_mature_30d
),

mature_suppliers as (
    select supplier_id
    from mature_lines
    where confirmed_defect_units is not null
    group by supplier_id
    having sum(ordered_units) >= {{ var('min_rankable_units') }}
),

expected as (
    select
        'supplier_defect' as sample_id,
        sum(ordered_units) as sample_size,
        sum(confirmed_defect_units) as successes
    from mature_lines
    where confirmed_defect_units is not null and supplier_id is not null

    union all

    select
        'supplier_refusal' as sample_id,
        count(*) as sample_size,
        count(*) filter (where decision = 'refused') as successes
    from {{ ref('fct_returns') }}
    where decision <> 'pending'

    union all

    select
        'repairer_repeat_repair' as sample_id,
        count(*) filter (where is_followed_up) as sample_size,
        count(*) filter (where is_repeat_repaired) as successes
    from {{ ref('fct_repairs') }}
    where repairer_id is not null

    union all

    select
        'category_repeat_repair' as sample_id,
        count(*) filter (where is_followed_up) as sample_size,
        count(*) filter (where is_repeat_repaired) as successes
    from {{ ref('fct_repairs') }}

    union all

    select
        'category_turnaround' as sample_id,
        count(turnaround_days) as sample_size,
        null as successes
    from {{ ref('fct_repairs') }}

    union all

    select
        'supplier_delivery' as sample_id,
        count(delivered_at) as sample_size,
        null as successes
    from young_lines

    union all

    select
        'supplier_rating' as sample_id,
        count(distinct concat_ws(
            '|', ratings.supplier_id, coalesce(customers.person_id, ratings.rating_id)
        )) as sample_size,
        null as successes
    from {{ ref('fct_ratings') }} as ratings
    left join {{ ref('dim_customers') }} as customers
        on ratings.customer_id = customers.customer_id
    where ratings.is_latest_in_phase

    union all

    select
        'case_type_response' as sample_id,
        count(first_response_hours) as sample_size,
        null as successes
    from {{ ref('fct_support_cases') }}

    union all

    select
        'channel_response' as sample_id,
        count(first_response_hours) as sample_size,
        null as successes
    from {{ ref('fct_support_cases') }}
    where contact_channel is not null

    union all

    select
        'agent_rating_defect' as sample_id,
        count(*) as sample_size,
        null as successes
    from mature_suppliers
    where
        mature_suppliers.supplier_id in (
            select ratings.supplier_id from {{ ref('fct_supplier_ratings') }} as ratings
        )

    union all

    select
        'transit_defect' as sample_id,
        sum(ordered_units) as sample_size,
        sum(confirmed_defect_units) as successes
    from mature_lines
    where
        confirmed_defect_units is not null
        and shipped_at is not null
        and delivered_at is not null
),

compared as (
    select
        sample_id,
        sum(trials) as sample_size,
        sum(successes) as successes
    from {{ ref('mart_hypothesis_shares') }}
    group by sample_id

    union all

    select
        sample_id,
        sum(observations) as sample_size,
        null as successes
    from {{ ref('mart_hypothesis_measures') }}
    group by sample_id

    union all

    select
        sample_id,
        sample_size,
        case when sample_id <> 'agent_rating_defect' then round(mean_y * sample_size) end
            as successes
    from {{ ref('mart_hypothesis_pairs') }}
)

select
    expected.sample_id,
    expected.sample_size as expected_size,
    expected.successes as expected_successes,
    compared.sample_size,
    compared.successes
from expected
left join compared
    on expected.sample_id = compared.sample_id
where
    coalesce(compared.sample_size, 0) <> coalesce(expected.sample_size, 0)
    or coalesce(compared.successes, 0) <> coalesce(expected.successes, 0)
