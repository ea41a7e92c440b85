-- A test says one thing: p, q and effect lie where they can, bounds hold their effect, a q is never
-- below its p nor in another order, each hypothesis has one headline, and sample and test exist.
with tests as (
    select * from {{ ref('mart_hypothesis_tests') }}
),

ordered as (
    select
        *,
        max(q_value) over (
            order by p_value, test_id rows between unbounded preceding and 1 preceding
        ) as q_of_smaller_p,
        count(*) filter (where is_headline) over (partition by hypothesis_id) as headlines
    from tests
)

select
    test_id,
    p_value,
    q_value,
    effect_size
from ordered
where
    p_value not between 0 and 1
    or q_value not between p_value and 1
    or q_value < q_of_smaller_p
    or abs(effect_size) > 1
    or effect_size not between effect_low and effect_high
    or (effect_name <> 'correlation' and effect_name <> 'difference' and effect_size < 0)
    or headlines <> 1
    or (sample_size = 0 and verdict <> 'not_enough_data')
    or verdict_en is null
    or verdict_fr is null
    or (verdict = 'negligible') <> coalesce(
        is_sample_sufficient
        and coalesce(is_expected_count_sufficient, true)
        and q_value < 0.05E0
        and abs(effect_size) < negligible_below,
        false
    )
