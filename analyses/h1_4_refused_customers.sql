-- H1.4 What do customers think, and do they come back, after a refusal by the service? Refused
-- beside accepted returns; the difference is refused less accepted, in points.
with tested as (
    select * from {{ ref('mart_hypothesis_tests') }}
    where hypothesis_id = 'h1_4'
),

shares as (
    select * from {{ ref('mart_hypothesis_shares') }}
)

select
    tested.question_en as question,
    tested.question_fr as en_francais,
    shares.group_name as decision,
    shares.trials as observed,
    round(100 * shares.success_share, 1) as percent_yes,
    round(100 * tested.effect_size, 1) as difference_points,
    round(100 * tested.effect_low, 1) as at_least,
    round(100 * tested.effect_high, 1) as at_most,
    tested.verdict_en as answer,
    tested.verdict_fr as reponse
from tested
inner join shares
    on tested.sample_id = shares.sample_id
order by tested.is_headline desc, tested.test_id asc, shares.group_name asc
