-- What the tests of the brief's hypotheses compare where they compare measures, group by group.
-- Grain: one row per (sample_id, group_name).
with ratings as (
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

deliveries as (
    select
        order_lines.supplier_id,
        {{ elapsed_days('order_lines.ordered_at', 'order_lines.delivered_at') }} as delivery_days
    from {{ ref('fct_order_lines') }} as order_lines
    inner join {{ ref('dim_dates') }} as months
        on order_lines.order_month = months.date_day and months.is_mature_30d
),

observed as (
    {% for sample, source, group_name, measure in [
        ('supplier_rating', 'ratings', 'supplier_id', 'score'),
        ('category_repair_cost', 'repairs', 'category', 'repair_cost_eur'),
        ('category_turnaround', 'repairs', 'category', 'turnaround_days'),
        ('case_type_response', ref('fct_support_cases'), 'case_type', 'first_response_hours'),
        ('channel_response', ref('fct_support_cases'), 'contact_channel', 'first_response_hours'),
        ('supplier_delivery', 'deliveries', 'supplier_id', 'delivery_days'),
    ] -%}
    select
        '{{ sample }}' as sample_id,
        {{ group_name }} as group_name,
        cast({{ measure }} as double) as measured
    from {{ source }}
    where {{ group_name }} is not null and {{ measure }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- equal values share their rank: few of them are ranked, not all that was observed
ranks as (
    select
        sample_id,
        measured,
        count(*) as tie_count,
        {{ average_rank('measured', 'count(*)', 'sample_id') }} as average_rank
    from observed
    group by sample_id, measured
),

ranked as (
    select
        observed.*,
        ranks.tie_count,
        ranks.average_rank
    from observed
    inner join ranks
        on
            observed.sample_id = ranks.sample_id
            and observed.measured = ranks.measured
),

summed as (
    select
        sample_id,
        group_name,
        count(*) as observations,
        {{ exact_sum('measured') }} as measured_sum,
        {{ exact_sum('measured * measured') }} as squares_sum,
        {{ exact_sum('average_rank') }} as rank_sum,
        cast(sum(tie_count * tie_count - 1) as double) as tied_terms
    from ranked
    group by sample_id, group_name
),

-- a median keeps its values in memory: apart from the join above it has room for them
medians as (
    select
        sample_id,
        group_name,
        percentile_cont(0.5E0) within group (order by measured) as median_measured
    from observed
    group by sample_id, group_name
)

select
    summed.*,
    summed.measured_sum / summed.observations as mean_measured,
    medians.median_measured
from summed
inner join medians
    on
        summed.sample_id = medians.sample_id
        and summed.group_name = medians.group_name
