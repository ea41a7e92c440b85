-- When each step of a return was done, whichever extract tells of it, and what an open one waits
-- for. Nothing comes back of a parcel that never reached its customer.
-- Grain: one row per return_line_id.
{{ config(materialized='table') }}

with returns as (
    select * from {{ ref('int_returns_classified') }}
),

parcels as (
    select
        return_line_id,
        min(shipped_at) filter (where leg = 'to_service') as sent_at,
        min(delivered_at) filter (where leg = 'to_service') as received_at,
        max(shipped_at) filter (where leg = 'back_to_customer') as sent_back_at,
        max(delivered_at) filter (where leg = 'back_to_customer') as back_at
    from {{ ref('stg_marketplace__shipments') }}
    group by return_line_id
),

repairs as (
    select
        return_line_id,
        min(sent_to_service_at) as sent_at,
        min(started_at) as started_at,
        case when count(*) = count(finished_at) then max(finished_at) end as finished_at,
        max(returned_to_customer_at) as back_at
    from {{ ref('stg_marketplace__repairs') }}
    group by return_line_id
),

steps as (
    select
        returns.return_line_id,
        returns.decision,
        returns.reason_class = 'logistics' as is_never_sent,
        repairs.return_line_id is not null as has_repair,
        returns.requested_at,
        coalesce(parcels.sent_at, repairs.sent_at) as sent_at,
        coalesce(returns.received_at, parcels.received_at) as received_at,
        returns.decided_at,
        repairs.started_at,
        repairs.finished_at,
        parcels.sent_back_at,
        coalesce(parcels.back_at, repairs.back_at) as back_at,
        returns.closed_at
    from returns
    left join parcels
        on returns.return_line_id = parcels.return_line_id
    left join repairs
        on returns.return_line_id = repairs.return_line_id
)

select
    return_line_id,
    case
        when closed_at is not null then null
        when back_at is not null then 'closing'
        when sent_back_at is not null then 'outbound'
        when finished_at is not null then 'dispatch'
        when started_at is not null then 'bench'
        when received_at is null and sent_at is not null then 'inbound'
        when received_at is null and decision <> 'refused' and not is_never_sent then 'sending'
        when decided_at is null then 'decision'
        when has_repair then 'queue'
        when decision = 'refused' and received_at is not null then 'dispatch'
        else 'closing'
    end as open_phase,
    requested_at,
    sent_at,
    received_at,
    decided_at,
    started_at,
    finished_at,
    sent_back_at,
    back_at,
    closed_at
from steps
