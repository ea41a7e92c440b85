-- Why devices of a refurbisher come back: cosmetic condition, functional condition, battery or
-- another motive. A confirmed diagnosis says it; without one the reason that the customer gave
-- does.
-- Grain: one row per (supplier_id, motive) of suppliers with a return.
with diagnoses as (
    select
        defects.return_line_id,
        motives.motive,
        row_number() over (
            partition by defects.return_line_id
            order by defects.diagnosed_at, defects.defect_id
        ) as diagnosis_number
    from {{ ref('fct_defects') }} as defects
    inner join {{ ref('return_motives') }} as motives
        on defects.defect_type = motives.code and motives.told_by = 'defect_type'
    where defects.is_confirmed
),

returned as (
    select
        sent_back.supplier_id,
        coalesce(diagnoses.motive, reasons.motive, 'other') as motive,
        count(*) as return_events
    from {{ ref('fct_returns') }} as sent_back
    left join diagnoses
        on sent_back.return_line_id = diagnoses.return_line_id and diagnoses.diagnosis_number = 1
    left join {{ ref('return_motives') }} as reasons
        on sent_back.reason_class = reasons.code and reasons.told_by = 'reason_class'
    group by sent_back.supplier_id, coalesce(diagnoses.motive, reasons.motive, 'other')
),

suppliers as (
    select distinct supplier_id from returned
),

counted as (
    select
        suppliers.supplier_id,
        labels.code as motive,
        coalesce(returned.return_events, 0) as return_events
    from suppliers
    inner join {{ ref('grading_labels') }} as labels
        on labels.label_kind = 'return_motive'
    left join returned
        on suppliers.supplier_id = returned.supplier_id and labels.code = returned.motive
),

summed as (
    select
        *,
        cast(sum(return_events) over (partition by supplier_id) as bigint) as all_return_events,
        cast(sum(return_events) over (partition by motive) as bigint) as market_motive_events,
        cast(sum(return_events) over () as bigint) as market_return_events
    from counted
)

select
    supplier_id,
    motive,
    return_events,
    all_return_events,
    {{ rate_with_bounds('return_events', 'all_return_events', 'motive_share') }},
    market_motive_events,
    market_return_events,
    {{ rate('market_motive_events', 'market_return_events') }} as market_motive_share
from summed
