-- How two things go together, where the tests of the brief's hypotheses ask for a correlation.
-- Grain: one row per sample_id.
with months as (
    select * from {{ ref('dim_dates') }}
    where is_mature_365d
),

order_lines as (
    select
        order_lines.*,
        {{ elapsed_days('order_lines.shipped_at', 'order_lines.delivered_at') }} as transit_days
    from {{ ref('fct_order_lines') }} as order_lines
    inner join months
        on order_lines.order_month = months.date_day
),

paired as (
    -- units of one line share the parcel: those of each outcome are one pair with a weight
    {% for sample, units in [
        ('transit_defect', 'confirmed_defect_units'), ('transit_damage', 'transit_damaged_units')
    ] -%}
    select
        '{{ sample }}' as sample_id,
        transit_days as x,
        1 as y,
        {{ units }} as weight
    from order_lines
    union all
    select
        '{{ sample }}' as sample_id,
        transit_days as x,
        0 as y,
        ordered_units - {{ units }} as weight
    from order_lines
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

ranked as (
    -- the rank of a weighted pair is the mean of the ranks of its units and of all that are equal,
    -- but for a constant; yes and no are ranks already
    select
        *,
        sum(weight) over (partition by sample_id order by x)
        - sum(weight) over (partition by sample_id, x) / 2E0 as x_rank
    from paired
    where weight > 0 and x is not null
)

select
    sample_id,
    cast(sum(weight) as bigint) as sample_size,
    cast({{ exact_sum('weight * x') }} / sum(weight) as double) as mean_x,
    cast(sum(weight * y) as double) / sum(weight) as mean_y,
    {{ weighted_correlation('x', 'y', 'weight') }} as linear_correlation,
    {{ weighted_correlation('x_rank', 'y', 'weight') }} as rank_correlation
from ranked
group by sample_id
