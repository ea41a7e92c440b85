-- Which audits the grade model learns from, and which judge it: an audit known before the day of
-- training teaches, the latest of very many; an evaluation made from that day on is unseen.
-- Grain: one row per evaluation_id that was audited.
with audits as (
    select * from {{ ref('int_evaluation_audits') }}
),

as_of_date as (
    select
        {% if var('grade_model_trained_until') -%}
        cast('{{ var("grade_model_trained_until") }}' as date)
        {%- else -%}
        cast({{ dbt.dateadd('day', -180, 'as_of_date') }} as date)
        {%- endif %} as trained_until
    from {{ ref('int_as_of_date') }}
),

dated as (
    select
        audits.evaluation_id,
        audits.verified_grade,
        audits.audited_at,
        as_of_date.trained_until,
        coalesce({{ reporting_date('audits.audited_at') }} < as_of_date.trained_until, false)
            as is_known
    from audits
    cross join as_of_date
)

select
    evaluation_id,
    verified_grade,
    trained_until,
    is_known
    and row_number() over (
        partition by is_known order by audited_at desc, evaluation_id asc
    ) <= {{ var('grade_model_max_audits') }} as is_trained_on
from dated
