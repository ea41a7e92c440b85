-- H1.8 Which suppliers deliver late, sell defects, and are hard to work with?
select
    suppliers.supplier_name as supplier,
    delivery.delivered_lines,
    round(delivery.mean_lead_time_days, 1) as mean_days_to_deliver,
    round(delivery.mean_handling_days, 1) as of_them_in_handling,
    round(100 * delivery.on_time_rate, 1) as percent_on_time,
    round(voices.avg_agent_rating, 2) as mean_rating_by_agents,
    voices.agent_rating_count as ratings_by_agents,
    round(100 * suppliers.defect_return_rate, 1) as percent_defective,
    suppliers.verdict
from {{ ref('mart_supplier_delivery') }} as delivery
inner join {{ ref('mart_supplier_scorecard') }} as suppliers
    on delivery.supplier_id = suppliers.supplier_id
left join {{ ref('mart_supplier_voices') }} as voices
    on delivery.supplier_id = voices.supplier_id
order by delivery.mean_lead_time_days desc, delivery.supplier_id asc
