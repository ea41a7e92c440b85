-- Ratings and delivered lines of both marts are those of the facts, and the phases add up.
{% set parts = ['rating_count', 'rating_sum', 'csat_count'] %}
with ratings as (
    select
        count(*) as rating_count,
        coalesce(sum(score), 0) as rating_sum,
        count(*) filter (where score >= 4) as csat_count
    from {{ ref('fct_ratings') }}
    where is_latest_in_phase
),

lines as (
    select
        count(*) filter (where is_rated) as rated_lines,
        count(*) filter (where delivered_units > 0) as delivered_lines
    from {{ ref('fct_order_lines') }}
),

marts as (
    {% for who in ['product', 'supplier'] %}
    select
        'mart_{{ who }}_satisfaction' as model_name,
        {% for part in parts -%}
        coalesce(sum({{ part }}), 0) as {{ part }},
        sum(no_return_{{ part }} + pre_return_{{ part }} + post_return_{{ part }})
            as phases_{{ part }},
        {% endfor -%}
        coalesce(sum(rated_lines), 0) as rated_lines,
        coalesce(sum(delivered_lines), 0) as delivered_lines
    from {{ ref('mart_' ~ who ~ '_satisfaction') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select marts.*
from marts
cross join ratings
cross join lines
where
    {% for part in parts -%}
    marts.{{ part }} is distinct from ratings.{{ part }}
    or coalesce(marts.phases_{{ part }}, marts.{{ part }}) <> marts.{{ part }}
    or {% endfor -%}
    marts.rated_lines is distinct from lines.rated_lines
    or marts.delivered_lines is distinct from lines.delivered_lines
