-- H1.2 Does transport harm the product? Outbound parcels by mode and by time in transit.
with outbound as (
    select * from {{ ref('mart_transit_quality') }}
    where leg = 'outbound'
),

compared as (
    {% for column, name in [('transport_mode', 'mode'), ('transit_band', 'time in transit')] %}
    select
        '{{ name }}' as compared_by,
        {{ column }} as compared_group,
        sum(parcels) as parcels,
        sum(damaged_parcels) as damaged_parcels,
        sum(ordered_units) as ordered_units,
        sum(returned_units) as returned_units,
        sum(transit_damaged_units) as transit_damaged_units
    from outbound
    group by {{ column }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    compared_by,
    compared_group,
    parcels,
    round(100 * {{ rate('damaged_parcels', 'parcels') }}, 1) as percent_parcels_damaged,
    ordered_units,
    round(100 * {{ rate('transit_damaged_units', 'ordered_units') }}, 1)
        as percent_units_damaged,
    round(100 * {{ rate('returned_units', 'ordered_units') }}, 1) as percent_units_returned
from compared
order by compared_by, compared_group
