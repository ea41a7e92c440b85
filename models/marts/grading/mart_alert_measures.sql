-- What each rule of the seed grading_alert_rules measures on whom, whether it raises an alert or
-- not. Where chance has a part, the bound on the side of doubt is judged.
-- Grain: one row per (rule_id, entity_id) that the rule can be measured on.
{% set no_date = 'cast(null as date)' -%}
{% set rules = [
    ('grade_drift', 'drift', 'month_name', 'least(evaluations, baseline_evaluations)',
     'stability_index', "case when alert_level = 'alert' then stability_index else 0E0 end",
     'evaluation_month'),
    ('important_gaps', 'gaps', 'supplier_id', 'compared_evaluations',
     rate('important_gaps', 'compared_evaluations'),
     wilson_low('important_gaps', 'compared_evaluations'), no_date),
    ('overgrading', 'gaps', 'supplier_id', 'compared_evaluations',
     rate('overgraded_evaluations', 'compared_evaluations') ~ ' / nullif(market_rate, 0)',
     wilson_low('overgraded_evaluations', 'compared_evaluations') ~ ' / nullif(market_rate, 0)',
     no_date),
    ('condition_returns', 'condition_returns', 'supplier_id', 'ordered_units',
     'observed_expected_ratio', 'observed_expected_ratio_low', no_date),
    ('deterioration', 'trend', 'supplier_id', 'least(latest_evaluations, previous_evaluations)',
     'concordance_loss', 'concordance_loss_low', 'latest_quarter'),
    ('dispute_backlog', 'disputes', 'supplier_id', 'open_disputes',
     'oldest_days', 'oldest_days', 'oldest_date'),
    ('low_confidence', 'confidence', 'supplier_id', 'compared_evaluations',
     'confidence_score', 'confidence_score', no_date),
] -%}
with drift as (
    select
        *,
        concat_ws(' ', grade_source, cast(evaluation_month as string)) as month_name
    from {{ ref('mart_grade_drift') }}
),

gaps as (
    select
        supplier_id,
        count(gap_class) as compared_evaluations,
        count(*) filter (where gap_class = 'important') as important_gaps,
        count(*) filter (where is_overgraded) as overgraded_evaluations,
        {{ rate(
            'sum(count(*) filter (where is_overgraded)) over ()', 'sum(count(gap_class)) over ()'
        ) }} as market_rate
    from {{ ref('fct_evaluations') }}
    group by supplier_id
),

condition_returns as (
    select * from {{ ref('mart_refurbisher_condition_returns') }}
),

trend as (
    select * from {{ ref('mart_refurbisher_trend') }}
),

opened as (
    select
        supplier_id,
        {{ reporting_date('opened_at') }} as opened_date
    from {{ ref('fct_support_cases') }}
    where case_type = 'grade_dispute' and is_open and supplier_id is not null
),

disputes as (
    select
        opened.supplier_id,
        count(*) as open_disputes,
        max({{ dbt.datediff('opened.opened_date', 'calendar.as_of_date', 'day') }}) as oldest_days,
        min(opened.opened_date) as oldest_date
    from opened
    inner join {{ ref('dim_dates') }} as calendar
        on opened.opened_date = calendar.date_day
    group by opened.supplier_id
),

confidence as (
    select * from {{ ref('mart_refurbisher_confidence') }}
)

{% for rule_id, source, entity_id, cases, measured, judged, since_date in rules %}
select
    '{{ rule_id }}' as rule_id,
    {{ entity_id }} as entity_id,
    cast({{ cases }} as bigint) as cases,
    cast({{ measured }} as double) as measured_value,
    cast({{ judged }} as double) as judged_value,
    {{ since_date }} as since_date
from {{ source }}
{{ 'union all' if not loop.last }}
{% endfor %}
