-- Amounts that no exchange rate turns into euros: sums and means in euros leave them out. Deliver
-- fx_rates up to max_fx_rate_age_days before each of these days.
{{ config(severity='warn') }}

{% set amounts = [
    ('fct_order_lines', 'unit_price', 'unit_price_eur'),
    ('fct_repairs', 'repair_cost', 'repair_cost_eur'),
    ('fct_refunds', 'amount', 'amount_eur'),
    ('fct_shipments', 'cost', 'cost_eur'),
] %}
{% for model, native, euros in amounts %}
select
    '{{ model }}' as model_name,
    currency_code,
    count(*) as amounts_without_euros
from {{ ref(model) }}
where {{ native }} is not null and {{ euros }} is null
group by currency_code
{{ 'union all' if not loop.last }}
{% endfor %}
