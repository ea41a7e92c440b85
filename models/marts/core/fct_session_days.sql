-- Sessions of visitors by day, and how many of them view an offer and buy. No session stands alone:
-- its identifier stands for a person.
-- Grain: one row per session_date with a session.
with page_events as (
    select * from {{ ref('stg_marketplace__page_events') }}
),

sessions as (
    select
        session_id,
        {{ reporting_date('min(occurred_at)') }} as session_date,
        bool_or(event_type = 'view') as is_viewing,
        bool_or(event_type = 'purchase') as is_ordering
    from page_events
    group by session_id
)

select
    session_date,
    count(*) as sessions,
    count(*) filter (where is_viewing) as viewing_sessions,
    count(*) filter (where is_viewing and is_ordering) as ordering_sessions
from sessions
group by session_date
