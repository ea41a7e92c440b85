-- What the tests of the brief's hypotheses compare where they compare shares, group by group.
-- Grain: one row per (sample_id, group_name).
with months as (
    select * from {{ ref('dim_dates') }}
    where is_mature_365d
),

order_lines as (
    select order_lines.*
    from {{ ref('fct_order_lines') }} as order_lines
    inner join months
        on order_lines.order_month = months.date_day
),

transport_modes as (
    -- a line that was shipped in two ways belongs to neither
    select
        order_line_id,
        min(transport_mode) as transport_mode
    from {{ ref('fct_shipments') }}
    where leg = 'outbound'
    group by order_line_id
    having min(transport_mode) = max(transport_mode)
),

repairs as (
    select
        repairs.repairer_id,
        products.category,
        cast(repairs.is_repeat_repaired as integer) as successes
    from {{ ref('fct_repairs') }} as repairs
    inner join {{ ref('dim_products') }} as products
        on repairs.product_id = products.product_id
    where repairs.is_followed_up
),

decided as (
    select * from {{ ref('fct_returns') }}
    where decision in ('accepted', 'refused')
),

observed as (
    select
        'supplier_defect' as sample_id,
        supplier_id as group_name,
        ordered_units as trials,
        confirmed_defect_units as successes
    from order_lines
    union all
    select
        'mode_return' as sample_id,
        transport_modes.transport_mode as group_name,
        order_lines.ordered_units as trials,
        order_lines.returned_units as successes
    from order_lines
    inner join transport_modes
        on order_lines.order_line_id = transport_modes.order_line_id
    union all
    {% for group in ['category', 'repairer_id'] -%}
    select
        '{{ group | replace('_id', '') }}_repeat_repair' as sample_id,
        {{ group }} as group_name,
        1 as trials,
        successes
    from repairs
    union all
    {% endfor -%}
    select
        'supplier_refusal' as sample_id,
        supplier_id as group_name,
        1 as trials,
        case when decision = 'refused' then 1 else 0 end as successes
    from decided
    union all
    select *
    from {{ ref('mart_hypothesis_refusals') }}
),

counted as (
    select
        sample_id,
        group_name,
        cast(sum(trials) as bigint) as trials,
        cast(sum(successes) as bigint) as successes
    from observed
    where group_name is not null and trials > 0 and successes is not null
    group by sample_id, group_name
),

expected as (
    select
        *,
        cast(trials as double) * sum(successes) over (partition by sample_id)
        / sum(trials) over (partition by sample_id) as expected_successes
    from counted
)

select
    sample_id,
    group_name,
    trials,
    successes,
    {{ rate_with_bounds('successes', 'trials', 'success_share') }},
    expected_successes,
    least(expected_successes, trials - expected_successes) >= 5 as is_large_enough
from expected
