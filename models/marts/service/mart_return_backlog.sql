-- Open returns at the as-of date, by what they wait for and how old they are.
-- Grain: one row per (phase, age_band) with an open return.
with returns as (
    select * from {{ ref('fct_returns') }}
),

phases as (
    -- open returns alone are in a phase
    select * from {{ ref('fct_return_phases') }}
    where is_current
),

as_of_date as (
    select max(as_of_date) as as_of_date
    from {{ ref('dim_dates') }}
),

aged as (
    select
        phases.phase,
        phases.phase_number,
        returns.open_age_days,
        case
            when returns.open_age_days <= 7 then 1
            when returns.open_age_days <= 14 then 2
            when returns.open_age_days <= 30 then 3
            when returns.open_age_days <= 60 then 4
            else 5
        end as age_band_number
    from returns
    inner join phases
        on returns.return_line_id = phases.return_line_id
)

select
    aged.phase,
    case aged.age_band_number
        when 1 then '0-7'
        when 2 then '8-14'
        when 3 then '15-30'
        when 4 then '31-60'
        else 'over 60'
    end as age_band,
    aged.phase_number,
    aged.age_band_number,
    count(*) as open_returns,
    max(aged.open_age_days) as oldest_age_days,
    as_of_date.as_of_date
from aged
cross join as_of_date
group by aged.phase, aged.phase_number, aged.age_band_number, as_of_date.as_of_date
