-- Repairs of the public record (Open Repair), with categories and brands in our words.
-- Grain: one row per repair_event_id.
with repairs as (
    select
        *,
        translate(lower(brand), ' -_.,;:/&+()*?!#''"', '') as spelling
    from {{ ref('stg_open_repair__open_repairs') }}
),

categories as (
    select * from {{ ref('open_repair_categories') }}
),

brands as (
    select * from {{ ref('brand_spellings') }}
)

select
    -- keys
    repairs.repair_event_id,

    -- attributes
    repairs.collection,
    repairs.provider,
    repairs.country_code,
    repairs.category as public_category,
    coalesce(categories.category, repairs.category) as category,
    case
        when brands.spelling is null then nullif(repairs.spelling, '')
        else brands.brand
    end as brand,
    repairs.repair_status,
    repairs.repair_barrier,
    case
        when repairs.fault_type = 'Poor data' then 'unknown'
        else lower(repairs.fault_type)
    end as fault_type,

    -- measures
    repairs.year_of_manufacture,
    repairs.product_age_years,

    -- booleans
    coalesce(categories.is_in_catalogue, false) as is_in_catalogue,
    repairs.collection = 'repairs' as is_in_benchmark,
    repairs.repair_status <> 'unknown' as is_outcome_known,

    -- times
    repairs.event_date
from repairs
left join categories
    on repairs.category = categories.public_category
left join brands
    on repairs.spelling = brands.spelling
