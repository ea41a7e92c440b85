-- H1.2 Does transport harm the product? What the tests say of the time in transit and of the mode
-- of transport, with the share that came back by mode.
with tested as (
    select * from {{ ref('mart_hypothesis_tests') }}
    where hypothesis_id = 'h1_2'
),

modes as (
    select * from {{ ref('mart_hypothesis_shares') }}
    where sample_id = 'mode_return'
)

select
    tested.question_en as question,
    tested.question_fr as en_francais,
    modes.group_name as transport_mode,
    tested.sample_size as units_in_all,
    round(100 * modes.success_share, 1) as percent_returned,
    round(tested.effect_size, 3) as effect,
    tested.verdict_en as answer,
    tested.verdict_fr as reponse
from tested
left join modes
    on tested.sample_id = modes.sample_id
order by tested.is_headline desc, tested.test_id asc, modes.success_share desc
