-- What refurbishers did about a gap in a grade, the latest first, in the words of their board.
-- Grain: one row per correction_id.
with corrections as (
    select
        *,
        {{ reporting_date('coalesce(corrected_at, evaluated_at)') }} as correction_date,
        row_number() over (
            partition by supplier_id
            order by coalesce(corrected_at, evaluated_at) desc, correction_id desc
        ) as recency_rank
    from {{ ref('fct_grade_corrections') }}
)

select
    corrections.correction_id,
    corrections.supplier_id,
    corrections.product_id,
    concat_ws(
        ' ', products.brand, products.model, cast(products.storage_gb as string) || ' GB'
    ) as product_name,
    corrections.grade_before as initial_grade,
    initial.grade_name_fr as initial_grade_fr,
    corrections.suggested_grade,
    suggested.grade_name_fr as suggested_grade_fr,
    corrections.status,
    labels.name_fr as status_fr,
    cast(corrections.recency_rank as integer) as recency_rank,
    abs(initial.grade_rank - suggested.grade_rank) as suggestion_gap_abs,
    corrections.currency_code,
    corrections.price_before,
    corrections.price_after,
    coalesce(corrections.price_after <> corrections.price_before, false) as is_price_adjusted,
    corrections.correction_date
from corrections
inner join {{ ref('dim_products') }} as products
    on corrections.product_id = products.product_id
left join {{ ref('grade_scale') }} as initial
    on corrections.grade_before = initial.grade
left join {{ ref('grade_scale') }} as suggested
    on corrections.suggested_grade = suggested.grade
left join {{ ref('grading_labels') }} as labels
    on corrections.status = labels.code and labels.label_kind = 'correction_status'
