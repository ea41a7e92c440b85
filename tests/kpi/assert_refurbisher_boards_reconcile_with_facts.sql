-- What is shown of refurbishers adds up to the facts: gaps, months, categories, motives and
-- corrections; what is expected of all of them is what was observed; and nobody is left out.
with evaluations as (
    select
        count(*) as evaluations,
        count(reference_grade) as compared_evaluations,
        coalesce(sum(abs(grade_gap_signed)), 0) as grade_gap_sum,
        count(distinct supplier_id) as refurbishers
    from {{ ref('fct_evaluations') }}
),

parts as (
    select
        coalesce(sum(parts.evaluations), 0) as evaluations,
        coalesce(sum(parts.compared_evaluations), 0) as compared_evaluations,
        coalesce(sum(parts.grade_gap_sum), 0) as grade_gap_sum,
        count(confidence.supplier_id) as refurbishers
    from {{ ref('mart_refurbisher_components') }} as parts
    left join {{ ref('mart_refurbisher_confidence') }} as confidence
        on parts.supplier_id = confidence.supplier_id
),

condition_returns as (
    select
        coalesce(sum(condition_returned_units), 0) as observed,
        coalesce(sum(expected_condition_returned_units), 0) as expected
    from {{ ref('mart_refurbisher_condition_returns') }}
),

periods as (
    select
        coalesce(sum(returned_units_30d), 0) as observed,
        coalesce(sum(expected_returned_units_30d), 0) as expected
    from {{ ref('mart_refurbisher_periods') }}
),

compared as (
    {% for name, marts, facts in [
        ('board', "(select count(*) from " ~ ref('mart_refurbisher_board') ~ ")",
         "(select count(*) from " ~ ref('dim_suppliers') ~ ")"),
        ('months', "(select sum(ordered_units) from " ~ ref('mart_refurbisher_months') ~ ")",
         "(select sum(ordered_units) from " ~ ref('fct_order_lines') ~ ")"),
        ('months returned',
         "(select sum(returned_units_30d) from " ~ ref('mart_refurbisher_months') ~ ")",
         "(select sum(returned_units_30d) from " ~ ref('fct_order_lines') ~ ")"),
        ('categories', "(select coalesce(sum(compared_evaluations), 0) from "
         ~ ref('mart_refurbisher_categories') ~ ")",
         '(select compared_evaluations from evaluations)'),
        ('motives', "(select coalesce(sum(return_events), 0) from "
         ~ ref('mart_refurbisher_motives') ~ ")",
         "(select count(*) from " ~ ref('fct_returns') ~ ")"),
        ('corrections', "(select count(*) from " ~ ref('mart_recent_corrections') ~ ")",
         "(select count(*) from " ~ ref('fct_grade_corrections') ~ ")"),
    ] -%}
    select
        '{{ name }}' as finding,
        {{ marts }} as of_marts,
        {{ facts }} as of_facts
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select finding
from compared
where of_marts is distinct from of_facts

union all

select 'evaluations' as finding
from parts
cross join evaluations
where
    parts.evaluations <> evaluations.evaluations
    or parts.compared_evaluations <> evaluations.compared_evaluations
    or parts.grade_gap_sum <> evaluations.grade_gap_sum
    or parts.refurbishers <> evaluations.refurbishers

union all

select 'condition returns' as finding
from condition_returns
where abs(observed - expected) > 1E-6

union all

select 'periods' as finding
from periods
where abs(observed - expected) > 1E-6
