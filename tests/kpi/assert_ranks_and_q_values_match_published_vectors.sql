-- Tied ranks (Kendall 1945), and q-values of five tests (Benjamini and Hochberg 1995); a test
-- without a p-value is none, and no q exceeds 1.
with vectors as (
    {% for sample, tests, rows in [
        ('five tests', 5, [
            (1, 0.01, 0.05, 1, 1), (2, 0.02, 0.05, 2, 1), (3, 0.03, 0.05, 3, 1),
            (4, 0.04, 0.05, 4, 1), (5, 0.5, 0.5, 5, 1), (6, 'null', 'null', 'null', 1),
        ]),
        ('ties', 4, [
            (1, 0.001, 0.004, 1, 1), (2, 0.3, 0.4, 2.5, 2), (3, 0.3, 0.4, 2.5, 2),
            (4, 0.9, 0.9, 4, 1),
        ]),
        ('one too many', 6, [(1, 0.5, 1, 1, 1), (2, 0.9, 1, 2, 1)]),
    ] %}
    {% set outer = loop %}
    {% for number, p_value, q_value, average_rank, tied in rows %}
    select
        '{{ sample }}' as sample_name,
        {{ tests }} as tests,
        {{ number }} as p_rank,
        cast({{ p_value }} as double) as p_value,
        cast({{ q_value }} as double) as q_value,
        cast({{ average_rank }} as double) as average_rank,
        {{ tied }} as tied
    {{ 'union all' if not (loop.last and outer.last) }}
    {% endfor %}
    {% endfor %}
),

computed as (
    select
        *,
        {{ benjamini_hochberg('p_value', 'tests', 'p_rank', 'sample_name') }} as computed_q_value,
        {{ average_rank('p_value', partition_by='sample_name') }} as computed_rank,
        {{ tie_count('p_value', partition_by='sample_name') }} as computed_ties
    from vectors
)

select *
from computed
where
    coalesce(
        abs(computed_q_value - q_value) > 1E-12, (computed_q_value is null) <> (q_value is null)
    )
    or coalesce(computed_rank <> average_rank, (computed_rank is null) <> (average_rank is null))
    or computed_ties <> tied
