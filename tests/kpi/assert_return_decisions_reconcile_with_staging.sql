-- Decisions and outcomes of the mart are those of the staged returns, each adds up to the requests,
-- and the refusal reasons to the refused ones. Cases are repeated by the numbers of their returns.
{% set outcomes = [
    'repaired', 'replaced', 'refunded', 'partially_refunded', 'sent_back', 'abandoned',
] %}
with staged as (
    select
        count(*) as requests,
        {%- for outcome in outcomes %}
        count(*) filter (where outcome = '{{ outcome }}') as {{ outcome }}_requests,
        {%- endfor %}
        count(*) filter (where outcome = 'pending') as unsettled_requests,
        count(*) filter (where decision = 'pending') as undecided_requests,
        count(*) filter (where decision = 'accepted') as accepted_requests,
        count(*) filter (where decision = 'refused') as refused_requests
    from {{ ref('stg_marketplace__return_lines') }}
),

mart as (
    select
        coalesce(sum(requests), 0) as requests,
        {%- for outcome in outcomes + ['unsettled', 'undecided', 'accepted', 'refused'] %}
        coalesce(sum({{ outcome }}_requests), 0) as {{ outcome }}_requests,
        {%- endfor %}
        coalesce(sum(decided_requests), 0) as decided_requests,
        coalesce(sum(refused_in_warranty_requests), 0) as refused_in_warranty_requests,
        coalesce(sum(followed_up_cases), 0) as followed_up_cases,
        coalesce(sum(repeated_cases), 0) as repeated_cases
    from {{ ref('mart_return_decisions') }}
),

reasons as (
    select
        coalesce(sum(refused_requests), 0) as refused_requests,
        coalesce(sum(refused_in_warranty_requests), 0) as refused_in_warranty_requests
    from {{ ref('mart_refusal_reasons') }}
),

repeats as (
    select
        count(*) as followed_up_cases,
        count(*) filter (
            where {{ elapsed_days('first_returns.closed_at', 'second_returns.requested_at') }}
            <= {{ var('repeat_case_window_days') }}
        ) as repeated_cases
    from {{ ref('fct_returns') }} as first_returns
    left join {{ ref('fct_returns') }} as second_returns
        on
            first_returns.order_line_id = second_returns.order_line_id
            and first_returns.unit_number = second_returns.unit_number
            and second_returns.return_number = 2
    where first_returns.is_followed_up
)

select mart.*
from mart
cross join staged
cross join reasons
cross join repeats
where
    mart.requests <> staged.requests
    {%- for outcome in outcomes + ['unsettled', 'undecided', 'accepted', 'refused'] %}
    or mart.{{ outcome }}_requests <> staged.{{ outcome }}_requests
    {%- endfor %}
    or mart.decided_requests <> mart.accepted_requests + mart.refused_requests
    or mart.refused_requests <> reasons.refused_requests
    or mart.refused_in_warranty_requests <> reasons.refused_in_warranty_requests
    or mart.followed_up_cases <> repeats.followed_up_cases
    or mart.repeated_cases <> repeats.repeated_cases
