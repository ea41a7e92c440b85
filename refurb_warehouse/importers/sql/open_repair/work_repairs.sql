-- The same in the words and types of the contract; what is no year and no age is null.
-- Grain: one row per source row.
with words as (
    select
        *,
        trim(regexp_replace(lower(repair_status), '[^a-z]+', '_', 'g'), '_') as status_word,
        trim(regexp_replace(lower(repair_barrier), '[^a-z]+', '_', 'g'), '_') as barrier_word,
        case
            when regexp_full_match(trim(year_of_manufacture), '[0-9]{4}')
                then cast(trim(year_of_manufacture) as integer)
        end as written_year,
        coalesce(year(try_cast(event_date as date)), 9999) as event_year
    from work.rows
)

select
    * exclude (status_word, barrier_word, written_year, event_year),
    status_word,
    case barrier_word
        when 'item_too_worn_out' then 'too_worn_out'
        else nullif(barrier_word, '')
    end as barrier_word,
    case when written_year between 1850 and event_year then written_year end as known_year,
    case
        when try_cast(product_age as decimal(14, 4)) >= 0
            then try_cast(product_age as decimal(14, 4))
    end as known_age
from words
