-- H1.7 Too many refusals? What became of units with a confirmed defect, and what is refused.
with coverage as (
    select
        category,
        sum(confirmed_defect_units) as confirmed_defect_units,
        sum(repaired_defect_units) as repaired_defect_units,
        sum(replaced_defect_units) as replaced_defect_units,
        sum(refunded_defect_units) as refunded_defect_units,
        sum(refused_defect_units) as refused_defect_units,
        sum(sent_back_defect_units) as sent_back_defect_units,
        sum(pending_defect_units) as pending_defect_units
    from {{ ref('mart_repair_coverage') }}
    group by category
),

decisions as (
    select
        category,
        sum(decided_requests) as decided_requests,
        sum(refused_requests) as refused_requests
    from {{ ref('mart_return_decisions') }}
    group by category
)

select
    coverage.category,
    coverage.confirmed_defect_units,
    round(100 * {{ rate('coverage.repaired_defect_units', 'coverage.confirmed_defect_units') }}, 1)
        as percent_repaired,
    coverage.replaced_defect_units as replaced,
    coverage.refunded_defect_units as refunded,
    coverage.refused_defect_units as refused,
    coverage.sent_back_defect_units as sent_back,
    coverage.pending_defect_units as pending,
    decisions.decided_requests,
    round(100 * {{ rate('decisions.refused_requests', 'decisions.decided_requests') }}, 1)
        as percent_of_requests_refused
from coverage
left join decisions
    on coverage.category = decisions.category
order by coverage.confirmed_defect_units desc, coverage.category asc
