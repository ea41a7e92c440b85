-- The day up to which the data is known: the one clock of every model.
-- Grain: one row.
{{ config(materialized='table') }}

with orders as (
    select max({{ reporting_date('ordered_at') }}) as last_date
    from {{ ref('stg_marketplace__orders') }}
),

return_lines as (
    select max({{ reporting_date('requested_at') }}) as last_date
    from {{ ref('stg_marketplace__return_lines') }}
),

last_seen as (
    -- a null, of an extract without a return, is passed over
    select greatest(orders.last_date, return_lines.last_date) as last_seen_date
    from orders
    cross join return_lines
)

select
    last_seen_date,
    {% if var('as_of_date') -%}
    cast('{{ var("as_of_date") }}' as date)
    {%- else -%}
    last_seen_date
    {%- endif %} as as_of_date
from last_seen
