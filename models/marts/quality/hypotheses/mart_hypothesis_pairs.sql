-- How two things go together, where the tests of the brief's hypotheses ask for a correlation.
-- Grain: one row per sample_id.
with months as (
    select * from {{ ref('dim_dates') }}
    where is_mature_365d
),

order_lines as (
    select
        order_lines.supplier_id,
        order_lines.ordered_units,
        order_lines.confirmed_defect_units,
        order_lines.transit_damaged_units,
        {{ elapsed_days('order_lines.shipped_at', 'order_lines.delivered_at') }} as transit_days
    from {{ ref('fct_order_lines') }} as order_lines
    inner join months
        on order_lines.order_month = months.date_day
),

supplier_defects as (
    select
        supplier_id,
        cast(sum(confirmed_defect_units) as double) / sum(ordered_units) as confirmed_defect_rate
    from order_lines
    where confirmed_defect_units is not null
    group by supplier_id
    having sum(ordered_units) >= {{ var('min_rankable_units') }}
),

agent_ratings as (
    select
        supplier_id,
        avg(cast(score as double)) as avg_agent_rating
    from {{ ref('fct_supplier_ratings') }}
    group by supplier_id
),

-- what was as long on the way is one row: few durations are ranked, not all order lines
transits as (
    select
        transit_days,
        sum(ordered_units) as ordered_units,
        sum(confirmed_defect_units) as confirmed_defect_units,
        sum(transit_damaged_units) as transit_damaged_units
    from order_lines
    where transit_days is not null
    group by transit_days
),

paired as (
    -- units of one outcome that were as long on the way are one pair with a weight
    {% for sample, units in [
        ('transit_defect', 'confirmed_defect_units'), ('transit_damage', 'transit_damaged_units')
    ] -%}
    select
        '{{ sample }}' as sample_id,
        transit_days as x,
        1 as y,
        {{ units }} as weight
    from transits
    union all
    select
        '{{ sample }}' as sample_id,
        transit_days as x,
        0 as y,
        ordered_units - {{ units }} as weight
    from transits
    union all
    {% endfor -%}
    select
        'agent_rating_defect' as sample_id,
        agent_ratings.avg_agent_rating as x,
        supplier_defects.confirmed_defect_rate as y,
        1 as weight
    from supplier_defects
    inner join agent_ratings
        on supplier_defects.supplier_id = agent_ratings.supplier_id
),

ranked as (
    select
        *,
        {{ average_rank('x', 'weight', 'sample_id') }} as x_rank,
        {{ average_rank('y', 'weight', 'sample_id') }} as y_rank
    from paired
    where weight > 0
)

select
    sample_id,
    cast(sum(weight) as bigint) as sample_size,
    cast({{ exact_sum('weight * x') }} / sum(weight) as double) as mean_x,
    {{ exact_sum('weight * y') }} / sum(weight) as mean_y,
    {{ weighted_correlation('x', 'y', 'weight') }} as linear_correlation,
    {{ weighted_correlation('x_rank', 'y_rank', 'weight') }} as rank_correlation
from ranked
group by sample_id
