-- Whether the grades of a month are spread like those of the six complete months before: a drift of
-- the devices that come in, of those who grade, or of the model (contrôle de la distribution des
-- notes). An alert needs a shift that matters and that chance does not bring.
-- Grain: one row per (grade_source, evaluation_month) of mart_grade_shares.
with shifts as (
    select
        grade_source,
        evaluation_month,
        max(as_of_date) as as_of_date,
        cast(sum(evaluations) as bigint) as evaluations,
        cast(sum(baseline_evaluations) as bigint) as baseline_evaluations,
        cast(sum(evaluations * grade_rank) as bigint) as rank_sum,
        cast(sum(baseline_evaluations * grade_rank) as bigint) as baseline_rank_sum,
        count(*) as grades,
        round({{ population_stability_index('evaluations', 'baseline_evaluations') }}, 12)
            as stability_index,
        {{ stability_chi_square('evaluations', 'baseline_evaluations') }} as chi_square
    from {{ ref('mart_grade_shares') }}
    where evaluations + baseline_evaluations > 0
    group by grade_source, evaluation_month
),

tested as (
    select
        *,
        {{ rate('rank_sum', 'evaluations') }}
        - {{ rate('baseline_rank_sum', 'baseline_evaluations') }} as mean_rank_shift,
        round({{ chi_square_sf('chi_square', '(grades - 1)') }}, 12) as p_value,
        evaluations >= {{ var('min_drift_evaluations') }}
        and baseline_evaluations >= {{ var('min_drift_evaluations') }} as is_compared
    from shifts
),

judged as (
    select
        *,
        case
            when not is_compared then 'not_enough_data'
            when stability_index < {{ var('drift_watch_index') }} then 'none'
            when p_value < {{ var('drift_alert_p_value') }} then 'alert'
            when p_value < {{ var('drift_watch_p_value') }} then 'watch'
            else 'none'
        end as alert_level
    from tested
)

select
    grade_source,
    evaluation_month,
    alert_level,
    evaluations,
    baseline_evaluations,
    stability_index,
    p_value,
    mean_rank_shift,
    -- such a month hides a second one, and makes the return to normal look like a drift
    cast(coalesce(sum(case when alert_level = 'alert' then 1 end) over (
        partition by grade_source
        order by evaluation_month rows between 6 preceding and 1 preceding
    ), 0) as bigint) as drifted_baseline_months,
    as_of_date
from judged
