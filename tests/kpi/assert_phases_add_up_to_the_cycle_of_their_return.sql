-- The phases of a closed return have no gap and no overlap: they add up to its cycle, none is
-- negative, and none goes beyond the closing. An open return is in one phase, a closed one in none.
with phases as (
    select
        return_line_id,
        sum(phase_days) as phase_days,
        min(phase_days) as shortest_days,
        min(started_at) as first_started_at,
        max(ended_at) as last_ended_at,
        count(*) filter (where is_current) as current_phases
    from {{ ref('fct_return_phases') }}
    group by return_line_id
)

select
    fact.return_line_id,
    fact.cycle_days,
    phases.phase_days,
    phases.shortest_days,
    phases.current_phases
from {{ ref('fct_returns') }} as fact
left join phases
    on fact.return_line_id = phases.return_line_id
where
    phases.return_line_id is null
    or phases.shortest_days < 0
    or phases.first_started_at is distinct from fact.requested_at
    or phases.current_phases <> (case when fact.closed_at is null then 1 else 0 end)
    or phases.last_ended_at > fact.closed_at
    or abs(phases.phase_days - fact.cycle_days) > 1E-9 * (1 + fact.cycle_days)
