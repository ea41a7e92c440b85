-- Source rows that no raw table shows.
-- Grain: one row per reason.
with reasons as (
    select
        kind,
        case kind
            when 'bad_debt' then 'rows of A invoices: bad debt'
            when 'write_off' then 'rows with a negative quantity on a normal invoice: written off'
            when 'pseudo_sale' then 'rows of pseudo-products on normal invoices'
            when 'pseudo_return' then 'rows of pseudo-products on C invoices'
        end as what
    from work.rows
)

select
    what,
    count(*) as rows
from reasons
where what is not null
group by what
order by rows desc
