-- The brief's hypotheses and what the data says of each: effect first, p-value second.
-- Grain: one row per test_id.
with hypotheses as (
    select * from {{ ref('hypotheses') }}
),

verdicts as (
    select * from {{ ref('hypothesis_verdicts') }}
),

hypothesis_statistics as (
    select * from {{ ref('mart_hypothesis_statistics') }}
),

calendar as (
    select max(as_of_date) as as_of_date from {{ ref('dim_dates') }}
),

tested as (
    select
        hypotheses.*,
        hypothesis_statistics.statistic,
        hypothesis_statistics.df1,
        hypothesis_statistics.df2,
        hypothesis_statistics.p_value,
        hypothesis_statistics.effect_size,
        hypothesis_statistics.effect_low,
        hypothesis_statistics.effect_high,
        coalesce(hypothesis_statistics.sample_size, 0) as sample_size,
        hypothesis_statistics.groups_compared,
        hypothesis_statistics.min_expected_count,
        -- Cochran (1954): none below 1, and at most a fifth of the cells below 5
        hypothesis_statistics.min_expected_count >= 1
        and hypothesis_statistics.small_cells * 5 <= hypothesis_statistics.groups_compared * 2
            as is_expected_count_sufficient,
        row_number() over (
            order by hypothesis_statistics.p_value nulls last, hypotheses.test_id
        ) as p_rank,
        count(hypothesis_statistics.p_value) over () as tests_made
    from hypotheses
    left join hypothesis_statistics
        on
            hypotheses.sample_id = hypothesis_statistics.sample_id
            and hypotheses.test_name = hypothesis_statistics.test_name
),

adjusted as (
    select
        *,
        {{ benjamini_hochberg('p_value', 'tests_made', 'p_rank') }} as q_value,
        sample_size >= 30 and p_value is not null as is_sample_sufficient
    from tested
),

judged as (
    select
        *,
        case
            when not is_sample_sufficient or not coalesce(is_expected_count_sufficient, true)
                then 'not_enough_data'
            when q_value >= 0.05E0 then 'no_evidence'
            when abs(effect_size) < negligible_below then 'negligible'
            else 'difference'
        end as verdict
    from adjusted
)

select
    judged.test_id,
    judged.hypothesis_id,
    judged.sample_id,
    judged.question_en,
    judged.question_fr,
    judged.test_name,
    judged.effect_name,
    judged.verdict,
    verdicts.verdict_en,
    verdicts.verdict_fr,
    judged.sample_size,
    judged.groups_compared,
    judged.effect_size,
    judged.effect_low,
    judged.effect_high,
    judged.negligible_below,
    judged.statistic,
    judged.df1,
    judged.df2,
    judged.p_value,
    judged.q_value,
    judged.min_expected_count,
    judged.is_headline,
    judged.is_expected_count_sufficient,
    judged.is_sample_sufficient,
    calendar.as_of_date
from judged
left join verdicts
    on judged.verdict = verdicts.verdict
cross join calendar
