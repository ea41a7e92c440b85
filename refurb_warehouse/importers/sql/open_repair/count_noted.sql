-- What became null, and what the labels added.
-- Grain: one row per quirk.
select
    'years of manufacture that are no year between 1850 and the event: null' as what,
    count(*) as rows
from work.repairs
where nullif(trim(year_of_manufacture), '') is not null and known_year is null

union all

select
    'ages of products that are no number from 0 on: null' as what,
    count(*) as rows
from work.repairs
where nullif(trim(product_age), '') is not null and known_age is null

union all

select
    'repairs of the providers with a labelled fault' as what,
    count(*) as rows
from work.repairs
where collection = 'repairs' and fault_type is not null

union all

select
    'labelled repairs that no provider file has: for faults alone' as what,
    count(*) as rows
from work.repairs
where collection = 'fault_labels'
