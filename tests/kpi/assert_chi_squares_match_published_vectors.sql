-- Party by gender (Agresti 2007, p. 39; R documentation of chisq.test), and a table with a cell of
-- which nothing is expected.
with vectors as (
    {% for sample, statistic, cells in [
        ('Agresti', 30.0701490958, [[762, 327, 468], [484, 239, 477]]),
        ('empty column', 4, [[2, 0, 0], [0, 2, 0]]),
    ] %}
    {% set outer = loop %}
    {% for row in cells %}
    {% set number = loop.index %}
    {% set last_row = loop.last %}
    {% for observed in row %}
    select
        '{{ sample }}' as sample_name,
        {{ number }} as row_number,
        {{ loop.index }} as column_number,
        {{ observed }} as observed,
        cast({{ statistic }} as double) as statistic
    {{ 'union all' if not (loop.last and last_row and outer.last) }}
    {% endfor %}
    {% endfor %}
    {% endfor %}
),

cells as (
    select
        *,
        cast(sum(observed) over (partition by sample_name, row_number) as double)
        * sum(observed) over (partition by sample_name, column_number)
        / sum(observed) over (partition by sample_name) as expected
    from vectors
),

computed as (
    select
        sample_name,
        min(statistic) as statistic,
        {{ chi_square_statistic('observed', 'expected') }} as computed_statistic
    from cells
    group by sample_name
)

select *
from computed
where coalesce(abs(computed_statistic - statistic) > 1E-9, true)
