-- Whether the grades of a refurbisher get worse: concordance with the reference in the last
-- complete quarter and in the one before, with the bounds of the difference.
-- Grain: one row per supplier_id with a compared evaluation in both quarters.
with quarters as (
    select
        max(as_of_date) as as_of_date,
        cast(date_trunc('quarter', {{ dbt.dateadd(
            'month', -3, dbt.dateadd('day', 1, 'max(as_of_date)')
        ) }}) as date) as latest_quarter
    from {{ ref('dim_dates') }}
),

evaluations as (
    select
        supplier_id,
        is_conform,
        cast(date_trunc('quarter', evaluation_month) as date) as evaluation_quarter
    from {{ ref('fct_evaluations') }}
    where is_conform is not null
),

paired as (
    select
        evaluations.supplier_id,
        quarters.latest_quarter,
        {% for period, comparison in [('latest', '='), ('previous', '<')] -%}
        count(*) filter (
            where evaluations.evaluation_quarter {{ comparison }} quarters.latest_quarter
        ) as {{ period }}_evaluations,
        count(*) filter (
            where
            evaluations.evaluation_quarter {{ comparison }} quarters.latest_quarter
            and evaluations.is_conform
        ) as {{ period }}_conform_evaluations,
        {% endfor -%}
        quarters.as_of_date
    from evaluations
    inner join quarters
        on
            evaluations.evaluation_quarter
            >= {{ dbt.dateadd('month', -3, 'quarters.latest_quarter') }}
    group by evaluations.supplier_id, quarters.latest_quarter, quarters.as_of_date
)

select
    supplier_id,
    latest_quarter,
    latest_evaluations,
    latest_conform_evaluations,
    {{ rate('latest_conform_evaluations', 'latest_evaluations') }} as latest_concordance_rate,
    previous_evaluations,
    previous_conform_evaluations,
    {{ rate('previous_conform_evaluations', 'previous_evaluations') }} as previous_concordance_rate,
    {{ difference_with_bounds(
        'previous_conform_evaluations', 'previous_evaluations',
        'latest_conform_evaluations', 'latest_evaluations', 'concordance_loss'
    ) }},
    as_of_date
from paired
where latest_evaluations > 0 and previous_evaluations > 0
