-- With an as-of date before the last day seen, events of its future would count as known; with one
-- after the day of the build, cohorts would count as mature that have not lived through anything.
select
    as_of_date,
    last_seen_date
from {{ ref('int_as_of_date') }}
where
    as_of_date < last_seen_date
    or as_of_date > cast('{{ tomorrow() }}' as date)
    or as_of_date is null
