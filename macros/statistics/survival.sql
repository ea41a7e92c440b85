{#- Time to an event when not everyone has been watched to the end. Rows are times in order; the
    window says of what and in which order, such as `partition by supplier_id order by age_days`. -#}

{%- macro survival(failures, at_risk, window) -%}
    {#- 0 from where all that were left failed, for no logarithm says so; null from where a count is
        missing or cannot be. A time with nobody left changes nothing. -#}
    case max(case
            when {{ failures }} between 0 and {{ at_risk }} then
                case when {{ failures }} = {{ at_risk }} and {{ at_risk }} > 0 then 1 else 0 end
            else 2
        end) over ({{ window }})
        when 0 then
            exp(sum(case
                when {{ failures }} < {{ at_risk }} then
                    ln(1E0 - cast({{ failures }} as double) / {{ at_risk }})
                else 0E0
            end) over ({{ window }}))
        when 1 then 0E0
    end
{%- endmacro -%}


{%- macro survival_standard_error(failures, at_risk, window) -%}
    {#- Greenwood (1926): the share that survives times the root of sum d / (n (n - d)). -#}
    nullif({{ survival(failures, at_risk, window) }}, 0) * sqrt(sum(
        case
            when {{ failures }} < {{ at_risk }} then
                cast({{ failures }} as double)
                / (cast({{ at_risk }} as double) * ({{ at_risk }} - {{ failures }}))
            else 0E0
        end
    ) over ({{ window }}))
{%- endmacro -%}


{%- macro failed_share_low(survival, standard_error) -%}
    {{ failed_share_bound(survival, standard_error, '') }}
{%- endmacro -%}


{%- macro failed_share_high(survival, standard_error) -%}
    {{ failed_share_bound(survival, standard_error, '-') }}
{%- endmacro -%}


{%- macro failed_share_bound(survival, standard_error, sign) -%}
    {#- With S between 0 and 1 its logarithm is negative: S to the power exp(z se / (S ln S)) is the
        upper bound of S, and so the lower one of the share that failed. -#}
    case
        when {{ survival }} > 0 and {{ survival }} < 1 and {{ standard_error }} >= 0 then
            1E0 - power({{ survival }}, exp(
                {{ sign }}1.959963984540054E0 * {{ standard_error }}
                / ({{ survival }} * ln({{ survival }}))
            ))
    end
{%- endmacro -%}


{%- macro cumulative_incidence(survival_before, failures_of_cause, at_risk, window) -%}
    sum({{ survival_before }} * {{ failures_of_cause }} / nullif({{ at_risk }}, 0)) over ({{ window }})
{%- endmacro -%}
