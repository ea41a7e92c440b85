-- Hand-computed vectors: a margin of 60 against 50 at 120 a failure bears 8.33 points more defects
-- than the other's 3 %. Equal margins bear the same rate; without a cost, or without the rate of
-- the other, there is none.
with vectors as (
    {% for own_margin, other_margin, failure_cost, other_rate, break_even in [
        (60, 50, 120, 0.03, 0.11333333333333333),
        (50, 60, 120, 0.03, -0.05333333333333333),
        (50, 50, 120, 0.03, 0.03),
        (60, 50, 4, 0, 2.5),
        (60, 50, 0, 0.03, 'null'),
        (60, 50, 120, 'null', 'null'),
    ] %}
    select
        {{ own_margin }} as own_margin,
        {{ other_margin }} as other_margin,
        {{ failure_cost }} as failure_cost,
        cast({{ other_rate }} as double) as other_rate,
        cast({{ break_even }} as double) as break_even
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        {{ break_even_rate('own_margin', 'other_margin', 'failure_cost', 'other_rate') }}
            as computed_rate
    from vectors
)

select *
from computed
where
    coalesce(
        abs(computed_rate - break_even) > 1E-12, (computed_rate is null) <> (break_even is null)
    )
