-- Cost of repairs in euros is that of the fact, to the cent.
with mart as (
    select sum(repair_cost_eur) as repair_cost_eur from {{ ref('mart_category_repairs') }}
),

fact as (
    select sum(repair_cost_eur) as repair_cost_eur from {{ ref('fct_repairs') }}
)

select
    mart.repair_cost_eur,
    fact.repair_cost_eur as fact_repair_cost_eur
from mart
cross join fact
where mart.repair_cost_eur is distinct from fact.repair_cost_eur
