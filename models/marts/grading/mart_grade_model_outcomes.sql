-- False alarms and misses of the model in production (faux positifs, faux négatifs): it calls a
-- grading non-conform when it predicts another grade, and later evidence says whether it was right.
-- Grain: one row per (evidence, prediction) with an evaluation or unit since the day of training.
with evaluations as (
    select * from {{ ref('fct_evaluations') }}
    where is_out_of_time
),

offers as (
    select
        offer_version_id,
        bool_or(is_overgraded) as is_overgraded
    from evaluations
    group by offer_version_id
),

condition_returns as (
    select
        order_line_id,
        count(distinct unit_number) as returned_units
    from {{ ref('fct_returns') }}
    where
        reason_code = 24
        and days_from_order <= 30
    group by order_line_id
),

sold as (
    select
        not offers.is_overgraded as is_conform,
        sum(order_lines.ordered_units) as observed_count,
        sum(least(coalesce(condition_returns.returned_units, 0), order_lines.ordered_units))
            as confirmed_count
    from {{ ref('fct_order_lines') }} as order_lines
    inner join offers
        on order_lines.offer_version_id = offers.offer_version_id
    inner join {{ ref('dim_dates') }} as dates
        on order_lines.order_month = dates.date_day
    inner join {{ ref('dim_grade_models') }} as models
        on order_lines.order_date >= models.trained_until
    left join condition_returns
        on order_lines.order_line_id = condition_returns.order_line_id
    where
        dates.is_mature_30d
        and order_lines.ordered_units > 0
        and order_lines.returned_units is not null
    group by offers.is_overgraded
),

observed as (
    select
        'laboratory_audit' as evidence,
        is_conform,
        count(*) as observed_count,
        count(*) filter (where assigned_grade <> verified_grade) as confirmed_count
    from evaluations
    where verified_grade is not null
    group by is_conform

    union all

    select
        'grade_dispute' as evidence,
        is_conform,
        count(*) as observed_count,
        count(*) filter (where is_dispute_upheld) as confirmed_count
    from evaluations
    where is_dispute_upheld is not null
    group by is_conform

    union all

    select
        'condition_return' as evidence,
        is_conform,
        observed_count,
        confirmed_count
    from sold
),

counted as (
    -- units sold cannot be linked to a device that was evaluated: no error of the model follows
    select
        evidence,
        case when is_conform then 'conform' else 'non_conform' end as prediction,
        case when is_conform then 'false_negative' else 'false_positive' end as error_kind,
        cast(observed_count as bigint) as observed_count,
        cast(confirmed_count as bigint) as confirmed_count,
        cast(case
            when evidence = 'condition_return' then null
            when is_conform then confirmed_count
            else observed_count - confirmed_count
        end as bigint) as error_count,
        cast(case
            when evidence = 'condition_return' then null
            when is_conform then sum(confirmed_count) over (partition by evidence)
            else sum(observed_count - confirmed_count) over (partition by evidence)
        end as bigint) as error_base_count
    from observed
)

select
    *,
    {{ rate_with_bounds('confirmed_count', 'observed_count', 'confirmed_rate') }},
    {{ rate_with_bounds('error_count', 'error_base_count', 'error_rate') }}
from counted
