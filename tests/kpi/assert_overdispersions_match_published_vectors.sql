-- The z of four suppliers (Spiegelhalter 2005); a sample whose spread is that of chance, which
-- widens nothing, at its limit (k - 1)/k and above; and no value.
with vectors as (
    {% for sample, phi, factor, scores in [
        ('suppliers', 2.622834885, 2.622834885, ['0.5043', '-1.5310', '-0.5126', '2.7623']),
        ('by chance', 0.025, 1, ['0.1', '-0.2', 'null']),
        ('at the limit', 0.5, 1, ['1', '0']),
        ('above the limit', 0.625, 0.625, ['1', '0.5']),
        ('two alike', 2, 2, ['1', '1', '2']),
        ('one value', 4, 4, ['2']),
        ('no value', 'null', 'null', ['null']),
    ] %}
    {% set outer = loop %}
    {% for score in scores %}
    select
        '{{ sample }}' as sample_name,
        cast({{ score }} as double) as z,
        cast({{ phi }} as double) as phi,
        cast({{ factor }} as double) as factor
    {{ 'union all' if not (loop.last and outer.last) }}
    {% endfor %}
    {% endfor %}
),

computed as (
    select
        sample_name,
        min(phi) as phi,
        min(factor) as factor,
        {{ overdispersion('z') }} as computed_phi,
        {{ overdispersion_factor('z') }} as computed_factor
    from vectors
    group by sample_name
)

select *
from computed
where
    coalesce(abs(computed_phi - phi) > 1E-9, (computed_phi is null) <> (phi is null))
    or coalesce(abs(computed_factor - factor) > 1E-9, (computed_factor is null) <> (factor is null))
