-- One card of the market board in a row: its value of the day and of the last days, each beside
-- what it was before. Rates differ in points, counts, hours and grades absolutely; relative
-- differences stand apart.
-- Grain: one row per (date_day, tile_id).
{% set tiles = {
    'acceptance_rate': ('accepted_suggestions', 'suggestions_shown'),
    'validated_rate': ('validated_gradings', 'evaluations'),
    'justifications': ('justifications', none),
    'important_gaps': ('important_gap_evaluations', none),
    'return_30d_rate': ('returned_units_30d', 'matured_units'),
    'returns_requested': ('returns_requested', none),
    'disputes_opened': ('claims_opened + board.grade_disputes_opened', none),
    'validated_gradings': ('validated_gradings', none),
    'no_gap_share': ('no_gap_evaluations', 'compared_evaluations'),
    'slight_gap_share': ('slight_gap_evaluations', 'compared_evaluations'),
    'important_gap_share': ('important_gap_evaluations', 'compared_evaluations'),
    'price_adjustment_rate': ('repriced_gradings', 'corrected_gradings'),
    'mean_resolution_hours': ('resolution_hours_sum', 'disputes_closed'),
    'mean_perceived_gap': ('perceived_gap_sum', 'perceived_grades'),
} -%}
{% set period = var('board_period_days') | int(28) -%}
with cards as (
    select
        board.date_day,
        tiles.tile_id,
        tiles.unit,
        cast(case tiles.tile_id
            {% for tile, parts in tiles.items() -%}
            when '{{ tile }}' then board.{{ parts[0] }}
            {% endfor -%}
        end as decimal(28, 8)) as numerator,
        cast(case tiles.tile_id
            {% for tile, parts in tiles.items() if parts[1] -%}
            when '{{ tile }}' then board.{{ parts[1] }}
            {% endfor -%}
            else 1
        end as bigint) as denominator
    from {{ ref('mart_grading_daily') }} as board
    cross join {{ ref('grading_tiles') }} as tiles
),

summed as (
    select
        *,
        lag(numerator) over (partition by tile_id order by date_day) as yesterday_numerator,
        lag(denominator) over (partition by tile_id order by date_day) as yesterday_denominator,
        {% for part in ['numerator', 'denominator'] -%}
        sum({{ part }}) over (
            partition by tile_id
            order by date_day
            rows between {{ period - 1 }} preceding and current row
        ) as period_{{ part }},
        sum({{ part }}) over (
            partition by tile_id
            order by date_day
            rows between {{ 2 * period - 1 }} preceding and {{ period }} preceding
        ) as previous_{{ part }},
        {% endfor -%}
        row_number() over (partition by tile_id order by date_day) as day_number
    from cards
),

valued as (
    select
        date_day,
        tile_id,
        unit,
        numerator,
        case when unit <> 'count' then denominator end as denominator,
        {{ rate('numerator', 'denominator') }} as tile_value,
        {{ rate('yesterday_numerator', 'yesterday_denominator') }} as yesterday_value,
        case
            when day_number >= {{ period }} and unit = 'count' then cast(period_numerator as double)
            when day_number >= {{ period }}
                then {{ rate('period_numerator', 'period_denominator') }}
        end as period_value,
        case
            when day_number >= {{ 2 * period }} and unit = 'count'
                then cast(previous_numerator as double)
            when day_number >= {{ 2 * period }}
                then {{ rate('previous_numerator', 'previous_denominator') }}
        end as previous_period_value
    from summed
)

select
    date_day,
    tile_id,
    unit,
    cast(numerator as double) as numerator,
    denominator,
    tile_value,
    yesterday_value,
    {{ deltas('tile_value', 'yesterday_value', 'unit', 'yesterday') }},
    period_value,
    previous_period_value,
    {{ deltas('period_value', 'previous_period_value', 'unit', 'period') }}
from valued
