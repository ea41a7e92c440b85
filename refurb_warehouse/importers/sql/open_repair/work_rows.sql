-- Repairs of the providers' files, and of the labelled sets where no provider's file has them.
-- Grain: one row per source row.
with labels as (
    -- a label set that names a repair twice must not double it
    select
        repair_id,
        min(fault_type) as fault_type
    from source.labels
    group by repair_id
)

select
    'repairs' as collection,
    repairs.id,
    repairs.data_provider,
    repairs.country,
    repairs.product_category,
    repairs.brand,
    repairs.year_of_manufacture,
    repairs.product_age,
    repairs.repair_status,
    repairs.repair_barrier_if_end_of_life as repair_barrier,
    labels.fault_type,
    repairs.event_date
from source.repairs as repairs
left join labels
    on repairs.id = labels.repair_id

union all

select
    'fault_labels' as collection,
    labelled.repair_id as id,
    labelled.data_provider,
    labelled.country,
    labelled.product_category,
    labelled.brand,
    labelled.year_of_manufacture,
    labelled.product_age,
    labelled.repair_status,
    null as repair_barrier,
    labelled.fault_type,
    labelled.event_date
from source.labels as labelled
anti join source.repairs as repairs
    on labelled.repair_id = repairs.id
