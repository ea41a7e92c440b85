-- Every other fact has the rows of its staging table and the same sum: a join that loses or
-- doubles a row is seen here.
{% set facts = [
    ('fct_returns', 'stg_marketplace__return_lines', 'unit_number', 'unit_number'),
    ('fct_defects', 'stg_marketplace__defects', '1', '1'),
    ('fct_repairs', 'stg_marketplace__repairs', 'labour_cost', 'labour_cost'),
    ('fct_ratings', 'stg_marketplace__ratings', 'score', 'score'),
    ('fct_shipments', 'stg_marketplace__shipments', 'cost', 'cost'),
    ('fct_refunds', 'stg_marketplace__refunds', 'amount', 'amount'),
    ('fct_notifications', 'stg_marketplace__notifications', '1', '1'),
    ('fct_evaluations', 'stg_marketplace__product_evaluations', 'photo_count', 'photo_count'),
    ('fct_grade_corrections', 'stg_marketplace__grade_corrections', 'price_before', 'price_before'),
    ('fct_external_reviews', 'stg_marketplace__external_reviews', 'score', 'score'),
    ('fct_benchmark_repairs', 'stg_open_repair__open_repairs', 'product_age_years',
     'product_age_years'),
] %}
with counted as (
    {% for fact, staging, fact_measure, staging_measure in facts %}
    {% for model, measure in [(fact, fact_measure), (staging, staging_measure)] %}
    select
        '{{ fact }}' as model_name,
        count(*) as counted_rows,
        sum({{ measure }}) as measure_sum
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    model_name,
    min(counted_rows) as fewer_rows,
    max(counted_rows) as more_rows,
    min(measure_sum) as lower_sum,
    max(measure_sum) as higher_sum
from counted
group by model_name
having
    min(counted_rows) <> max(counted_rows)
    or min(measure_sum) <> max(measure_sum)
    or count(measure_sum) = 1
