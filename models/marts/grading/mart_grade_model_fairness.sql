-- Whether the grade model is as good for small suppliers as for large ones, and for every brand, on
-- audited evaluations that it could not know.
-- Grain: one row per (group_type, group_name) with such an evaluation; none without a model.
with evaluations as (
    select * from {{ ref('fct_evaluations') }}
),

supplier_sizes as (
    select
        supplier_id,
        case
            when count(*) < 30 then 'under 30'
            when count(*) < 100 then '30 to 99'
            when count(*) < 300 then '100 to 299'
            else '300 and more'
        end as size_band
    from evaluations
    group by supplier_id
),

judged as (
    select
        supplier_sizes.size_band as supplier_evaluations,
        coalesce(products.brand, 'unknown') as brand,
        evaluations.reference_confidence,
        evaluations.reference_grade = evaluations.verified_grade as is_correct,
        evaluations.assigned_grade = evaluations.verified_grade as is_refurbisher_correct
    from evaluations
    inner join supplier_sizes
        on evaluations.supplier_id = supplier_sizes.supplier_id
    inner join {{ ref('dim_products') }} as products
        on evaluations.product_id = products.product_id
    where
        evaluations.is_out_of_time
        and evaluations.verified_grade is not null
),

grouped as (
    {% for group_type in ['supplier_evaluations', 'brand'] -%}
    select
        '{{ group_type }}' as group_type,
        {{ group_type }} as group_name,
        count(*) as evaluation_count,
        count(*) filter (where is_correct) as correct_count,
        count(*) filter (where is_refurbisher_correct) as refurbisher_correct_count,
        {{ exact_sum('reference_confidence') }} as confidence_sum
    from judged
    group by {{ group_type }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select
    *,
    {{ rate('confidence_sum', 'evaluation_count') }} as mean_confidence,
    {{ rate_with_bounds('correct_count', 'evaluation_count', 'accuracy_rate') }},
    {{ rate_with_bounds(
        'refurbisher_correct_count', 'evaluation_count', 'refurbisher_accuracy_rate'
    ) }}
from grouped
