-- Returned units: matched ones one by one, the rest of a row as one.
-- Grain: one row per matched unit, and one per row of a return with units that found no purchase.
with matched_units as (
    select
        matches.return_id,
        matches.order_line_id,
        matches.first_unit_of_line + steps.step as unit_number,
        'u' || (matches.first_unit_of_return + steps.step) as unit_label
    from work.matches as matches
    cross join range(matches.units) as steps (step)
),

matched_totals as (
    select
        return_id,
        sum(units) as units
    from work.matches
    group by return_id
),

unmatched_rows as (
    select
        lines.line_id as return_id,
        case lines.kind when 'positive_return' then 'positive-' else 'unmatched-' end
            || lines.invoice || '-' || coalesce(lines.product_code, '') as order_line_id,
        1 as unit_number,
        'rest' as unit_label
    from work.lines as lines
    left join matched_totals
        on lines.line_id = matched_totals.return_id
    where
        lines.kind in ('return', 'positive_return')
        and coalesce(abs(lines.units), 1) > coalesce(matched_totals.units, 0)
)

select * from matched_units
union all
select * from unmatched_rows
