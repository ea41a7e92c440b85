-- What the tests of the brief's hypotheses compare where they compare measures, group by group.
-- Grain: one row per (sample_id, group_name).
with months as (
    select * from {{ ref('dim_dates') }}
    where is_mature_30d
),

ratings as (
    -- of one person about one supplier: ratings of one person are not independent
    select
        ratings.supplier_id,
        avg(cast(ratings.score as double)) as score
    from {{ ref('fct_ratings') }} as ratings
    left join {{ ref('dim_customers') }} as customers
        on ratings.customer_id = customers.customer_id
    where ratings.is_latest_in_phase
    group by ratings.supplier_id, coalesce(customers.person_id, ratings.rating_id)
),

repairs as (
    select
        products.category,
        repairs.repair_cost_eur,
        repairs.turnaround_days
    from {{ ref('fct_repairs') }} as repairs
    inner join {{ ref('dim_products') }} as products
        on repairs.product_id = products.product_id
    where repairs.is_finished
),

cases as (
    select * from {{ ref('fct_support_cases') }}
),

deliveries as (
    select
        order_lines.supplier_id,
        {{ elapsed_days('order_lines.ordered_at', 'order_lines.delivered_at') }} as delivery_days
    from {{ ref('fct_order_lines') }} as order_lines
    inner join months
        on order_lines.order_month = months.date_day
),

observed as (
    select
        'supplier_rating' as sample_id,
        supplier_id as group_name,
        score as measured
    from ratings
    union all
    select
        'category_repair_cost' as sample_id,
        category as group_name,
        cast(repair_cost_eur as double) as measured
    from repairs
    union all
    select
        'category_turnaround' as sample_id,
        category as group_name,
        turnaround_days as measured
    from repairs
    union all
    select
        'case_type_response' as sample_id,
        case_type as group_name,
        first_response_hours as measured
    from cases
    union all
    select
        'channel_response' as sample_id,
        contact_channel as group_name,
        first_response_hours as measured
    from cases
    union all
    select
        'supplier_delivery' as sample_id,
        supplier_id as group_name,
        delivery_days as measured
    from deliveries
),

ranked as (
    select
        *,
        {{ average_rank('measured', 'sample_id') }} as average_rank,
        {{ tie_count('measured', 'sample_id') }} as tie_count
    from observed
    where group_name is not null and measured is not null
)

select
    sample_id,
    group_name,
    count(*) as observations,
    {{ exact_sum('measured') }} as measured_sum,
    {{ exact_sum('measured * measured') }} as squares_sum,
    {{ exact_sum('average_rank') }} as rank_sum,
    cast(sum(tie_count * tie_count - 1) as double) as tied_terms,
    {{ exact_sum('measured') }} / count(*) as mean_measured,
    percentile_cont(0.5E0) within group (order by measured) as median_measured
from ranked
group by sample_id, group_name
