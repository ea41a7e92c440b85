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
with compared as (
    {% for fact, staging, fact_measure, staging_measure in facts %}
    select
        '{{ fact }}' as model_name,
        counted.fact_rows,
        staged.staged_rows,
        counted.fact_sum,
        staged.staged_sum
    from (
        select
            count(*) as fact_rows,
            sum({{ fact_measure }}) as fact_sum
        from {{ ref(fact) }}
    ) as counted
    cross join (
        select
            count(*) as staged_rows,
            sum({{ staging_measure }}) as staged_sum
        from {{ ref(staging) }}
    ) as staged
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select *
from compared
where
    fact_rows is distinct from staged_rows
    or fact_sum is distinct from staged_sum
