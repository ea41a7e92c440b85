-- Ten units (Aalen and Johansen 1978 worked by hand): at 1 one defect and one withdrawal, at 2 two
-- defects, at 3 one withdrawal. Both causes add up to what did not survive. At 4 nobody is left.
with vectors as (
    {% for age, survival_before, at_risk, defects, withdrawals, of_defects, of_withdrawals in [
        (1, '1.0', 10, 1, 1, 0.1, 0.1),
        (2, '0.8', 8, 2, 0, 0.3, 0.1),
        (3, '0.6', 6, 0, 1, 0.3, 0.2),
        (4, '0.5', 0, 0, 0, 0.3, 0.2),
    ] %}
    select
        {{ age }} as age,
        cast({{ survival_before }} as double) as survival_before,
        {{ at_risk }} as at_risk,
        {{ defects }} as defects,
        {{ withdrawals }} as withdrawals,
        cast({{ of_defects }} as double) as of_defects,
        cast({{ of_withdrawals }} as double) as of_withdrawals
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        {{ cumulative_incidence('survival_before', 'defects', 'at_risk', 'order by age') }}
            as computed_of_defects,
        {{ cumulative_incidence('survival_before', 'withdrawals', 'at_risk', 'order by age') }}
            as computed_of_withdrawals
    from vectors
)

select *
from computed
where
    coalesce(abs(computed_of_defects - of_defects) > 1E-12, true)
    or coalesce(abs(computed_of_withdrawals - of_withdrawals) > 1E-12, true)
