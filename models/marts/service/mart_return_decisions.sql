-- What becomes of return requests: decided, refused, given up, settled how, and asked again.
-- Grain: one row per (supplier_id, category, request_month) with a request.
{% set outcomes = {
    'pending': 'unsettled', 'repaired': 'repaired', 'replaced': 'replaced', 'refunded': 'refunded',
    'partially_refunded': 'partially_refunded', 'sent_back': 'sent_back', 'abandoned': 'abandoned',
} -%}
with products as (
    select * from {{ ref('dim_products') }}
),

returns as (
    select * from {{ ref('fct_returns') }}
),

counted as (
    select
        returns.supplier_id,
        products.category,
        returns.return_month as request_month,
        count(*) as requests,
        count(*) filter (where returns.decision <> 'pending') as decided_requests,
        count(*) filter (where returns.decision = 'pending') as undecided_requests,
        count(*) filter (where returns.decision = 'accepted') as accepted_requests,
        count(*) filter (where returns.decision = 'refused') as refused_requests,
        count(*) filter (where returns.is_in_warranty) as in_warranty_requests,
        count(*) filter (
            where returns.is_in_warranty and returns.decision = 'refused'
        ) as refused_in_warranty_requests,
        count(*) filter (
            where returns.reason_class = 'withdrawal' and returns.is_in_legal_withdrawal_period
        ) as legal_withdrawal_requests,
        count(*) filter (
            where
            returns.reason_class = 'withdrawal' and returns.is_in_legal_withdrawal_period
            and returns.decision = 'refused'
        ) as refused_legal_withdrawal_requests,
        {%- for outcome, name in outcomes.items() %}
        count(*) filter (where returns.outcome = '{{ outcome }}') as {{ name }}_requests,
        {%- endfor %}
        count(*) filter (where returns.is_abandonment_known) as watched_requests,
        count(*) filter (
            where returns.is_abandonment_known and returns.is_abandoned
        ) as given_up_requests,
        count(*) filter (where returns.is_followed_up) as followed_up_cases,
        count(*) filter (where returns.is_repeated) as repeated_cases
    from returns
    inner join products
        on returns.product_id = products.product_id
    group by returns.supplier_id, products.category, returns.return_month
)

select
    *,
    {{ rate_with_bounds('refused_requests', 'decided_requests', 'refusal_rate') }},
    {{ rate_with_bounds('given_up_requests', 'watched_requests', 'abandonment_rate') }},
    {{ rate_with_bounds('repeated_cases', 'followed_up_cases', 'repeat_case_rate') }}
from counted
