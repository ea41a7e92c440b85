"""After-sales service: answers, returns, repairs, costs and refusals."""

from dataclasses import replace

from dashboards.declaration.charts import (
    AMBER,
    BLUE,
    COUNT,
    DARK,
    EUROS,
    GREEN,
    GREY,
    LIGHT_BLUE,
    PERCENT,
    PURPLE,
    RED,
    big,
    mixed,
    series,
    table,
)
from dashboards.declaration.labels import (
    AGE_BAND,
    CATEGORY,
    CHANNEL,
    LEG,
    MEASURE,
    OUTCOME,
    PHASE,
    REFUSAL,
    STAGE,
    words,
)
from dashboards.declaration.model import Chart, Dashboard, Dataset, Dim, Metric, T, Tab
from dashboards.declaration.shared import (
    CATEGORY_DIM,
    CATEGORY_FILTER,
    PERIOD_FILTER,
    SUPPLIER,
    SUPPLIER_DIM,
    SUPPLIER_FILTER,
    both,
    definitions,
    ratio,
)

RESPONSE = Dataset(
    "service_response",
    f"""
select
    contact_month,
    {words("contact_channel", CHANNEL, "channel")},
    contacted_cases, answered_cases, response_due_cases, answered_in_target_cases,
    first_response_hours_sum, first_response_business_hours_sum,
    closed_cases, resolution_days_sum, rated_cases, satisfied_cases
from service.mart_service_response
""",
    (
        "contact_month", *both("channel"), "contacted_cases", "answered_cases",
        "response_due_cases", "answered_in_target_cases", "first_response_hours_sum",
        "first_response_business_hours_sum", "closed_cases", "resolution_days_sum",
        "rated_cases", "satisfied_cases",
    ),
    "Contacts and first answers by month of the contact.",
    "contact_month",
)  # fmt: skip

CYCLE = Dataset(
    "return_cycle",
    f"""
with months as (
    select
        request_month,
        -- the quick ones are closed first: a month with many open returns looks quicker than it is
        open_returns <= 0.05 * (open_returns + closed_returns) as is_settled
    from service.mart_return_cycle
    where phase = 'total'
)

select
    cycle.request_month,
    cycle.phase,
    {words("cycle.phase", PHASE, "phase")},
    cycle.closed_returns,
    cycle.open_returns,
    cycle.phase_days_sum,
    months.is_settled
from service.mart_return_cycle as cycle
inner join months on cycle.request_month = months.request_month
""",
    (
        "request_month", "phase", *both("phase"), "closed_returns", "open_returns",
        "phase_days_sum", "is_settled",
    ),
    "Days of closed returns in each phase, by month of the request.",
    "request_month",
)  # fmt: skip

BACKLOG = Dataset(
    "return_backlog",
    f"""
select
    {words("phase", PHASE, "phase")},
    {words("age_band", AGE_BAND, "age_band")},
    age_band_number,
    open_returns
from service.mart_return_backlog
""",
    (*both("phase", "age_band"), "age_band_number", "open_returns"),
    "Returns that are open at the date of the data, by phase and age.",
)

DECISIONS = Dataset(
    "return_decisions",
    f"""
select
    {SUPPLIER} as supplier,
    {words("decisions.category", CATEGORY, "category")},
    decisions.request_month,
    decisions.requests, decisions.decided_requests, decisions.undecided_requests,
    decisions.refused_requests, decisions.in_warranty_requests,
    decisions.refused_in_warranty_requests, decisions.watched_requests,
    decisions.given_up_requests, decisions.followed_up_cases, decisions.repeated_cases
from service.mart_return_decisions as decisions
left join core.dim_suppliers as suppliers on decisions.supplier_id = suppliers.supplier_id
""",
    (
        "supplier", *both("category"), "request_month", "requests", "decided_requests",
        "undecided_requests", "refused_requests", "in_warranty_requests",
        "refused_in_warranty_requests", "watched_requests", "given_up_requests",
        "followed_up_cases", "repeated_cases",
    ),
    "Requests for a return and what was decided, by month of the request.",
    "request_month",
)  # fmt: skip

REASONS = Dataset(
    "refusal_reasons",
    f"""
select {words("refusal_reason", REFUSAL, "reason")}, refused_requests,
    refused_in_warranty_requests
from service.mart_refusal_reasons
""",
    (*both("reason"), "refused_requests", "refused_in_warranty_requests"),
    "Why returns were refused.",
)

EFFECT = Dataset(
    "refusal_effect",
    f"""
select
    {words("measure", MEASURE, "measure")},
    {words("control_group", OUTCOME, "control")},
    refused_trials,
    refused_successes,
    matched_refused_rate,
    matched_control_rate,
    matched_difference,
    matched_difference_low,
    matched_difference_high
from satisfaction.mart_refusal_comparison
""",
    (
        *both("measure", "control"), "refused_trials", "refused_successes",
        "matched_refused_rate", "matched_control_rate", "matched_difference",
        "matched_difference_low", "matched_difference_high",
    ),
    "People who were refused beside people alike who were not, with 95 % bounds.",
    grain=("measure", "control"),
)  # fmt: skip

OUTCOMES = Dataset(
    "refusal_outcomes",
    f"""
select
    {words("category", CATEGORY, "category")},
    order_month,
    {words("outcome_group", OUTCOME, "outcome")},
    followed_up_people, retained_people, rated_events, satisfied_events
from satisfaction.mart_refusal_outcomes
""",
    (
        *both("category", "outcome"), "order_month", "followed_up_people", "retained_people",
        "rated_events", "satisfied_events",
    ),
    "What people did after their case, by its outcome.",
    "order_month",
)  # fmt: skip

REPAIRS = Dataset(
    "category_repairs",
    f"""
select
    {words("category", CATEGORY, "category")},
    repair_events, finished_repairs, turnaround_days_sum,
    median_turnaround_days, p90_turnaround_days,
    followed_up_units, repeat_repaired_units,
    costed_repairs, repair_cost_eur, priced_repair_cost_eur, repaired_units_price_eur
from repairs.mart_category_repairs
""",
    (
        *both("category"), "repair_events", "finished_repairs", "turnaround_days_sum",
        "median_turnaround_days", "p90_turnaround_days", "followed_up_units",
        "repeat_repaired_units", "costed_repairs", "repair_cost_eur", "priced_repair_cost_eur",
        "repaired_units_price_eur",
    ),
    "Repairs by category: how long, how much, how often again.",
    grain=("category",),
)  # fmt: skip

EFFICIENCY = Dataset(
    "repair_efficiency",
    f"""
select
    {SUPPLIER} as supplier,
    repairs.repair_events, repairs.finished_repairs, repairs.turnaround_days_sum,
    repairs.followed_up_units, repairs.repeat_repaired_units,
    repairs.ordered_units, repairs.returned_units
from repairs.mart_repair_efficiency as repairs
left join core.dim_suppliers as suppliers on repairs.supplier_id = suppliers.supplier_id
""",
    (
        "supplier", "repair_events", "finished_repairs", "turnaround_days_sum",
        "followed_up_units", "repeat_repaired_units", "ordered_units", "returned_units",
    ),
    "Repairs by supplier.",
)  # fmt: skip

COVERAGE = Dataset(
    "repair_coverage",
    f"""
select
    {SUPPLIER} as supplier,
    {words("coverage.category", CATEGORY, "category")},
    coverage.confirmed_defect_units, coverage.repaired_defect_units,
    coverage.replaced_defect_units, coverage.refunded_defect_units,
    coverage.refused_defect_units, coverage.sent_back_defect_units,
    coverage.pending_defect_units
from repairs.mart_repair_coverage as coverage
left join core.dim_suppliers as suppliers on coverage.supplier_id = suppliers.supplier_id
""",
    (
        "supplier", *both("category"), "confirmed_defect_units", "repaired_defect_units",
        "replaced_defect_units", "refunded_defect_units", "refused_defect_units",
        "sent_back_defect_units", "pending_defect_units",
    ),
    "What became of devices with a confirmed defect.",
)  # fmt: skip

COSTS = Dataset(
    "service_costs",
    f"""
select
    {SUPPLIER} as supplier,
    costs.order_month,
    costs.defect_units, costs.repair_cost_eur, costs.return_freight_eur, costs.refund_eur,
    costs.service_budget_eur, costs.defect_revenue_eur, costs.is_mature_365d
from repairs.mart_budget_impact as costs
left join core.dim_suppliers as suppliers on costs.supplier_id = suppliers.supplier_id
""",
    (
        "supplier", "order_month", "defect_units", "repair_cost_eur", "return_freight_eur",
        "refund_eur", "service_budget_eur", "defect_revenue_eur", "is_mature_365d",
    ),
    "What returns cost, by order month.",
    "order_month",
)  # fmt: skip

NOTICES = Dataset(
    "status_notifications",
    f"""
select request_month, {words("return_stage", STAGE, "stage")}, reached_returns, notified_returns
from service.mart_status_notifications
""",
    ("request_month", *both("stage"), "reached_returns", "notified_returns"),
    "Whether customers were told of each stage of their return.",
    "request_month",
)

TRANSIT = Dataset(
    "transit_times",
    f"""
select
    shipped_month, {words("leg", LEG, "leg")}, shipped_parcels, delivered_parcels, lost_parcels,
    promised_parcels, on_time_parcels, transit_days_sum
from service.mart_transit_times
""",
    (
        "shipped_month", *both("leg"), "shipped_parcels", "delivered_parcels", "lost_parcels",
        "promised_parcels", "on_time_parcels", "transit_days_sum",
    ),
    "Parcels by leg and month of shipping.",
    "shipped_month",
)  # fmt: skip

RESPONSE_HOURS = Metric(
    "mean_first_response_hours",
    ratio("first_response_hours_sum", "answered_cases"),
    T("Première réponse (heures)", "First response (hours)"),
    ",.1f",
)
OPENING_HOURS = Metric(
    "mean_first_response_business_hours",
    ratio("first_response_business_hours_sum", "answered_cases"),
    T("dont heures ouvrées", "of these, opening hours"),
    ",.1f",
)
IN_TARGET = Metric(
    "response_in_target_rate",
    ratio("answered_in_target_cases", "response_due_cases"),
    T("Réponses dans le délai", "Answered in target"),
    PERCENT,
)
CYCLE_DAYS = Metric(
    "days_per_closed_return",
    ratio("phase_days_sum", "closed_returns"),
    T("Jours par retour clos", "Days per closed return"),
    ",.1f",
)
OPEN_RETURNS = Metric(
    "open_returns", "sum(open_returns)", T("Retours ouverts", "Open returns"), COUNT
)
TURNAROUND = Metric(
    "mean_turnaround_days",
    ratio("turnaround_days_sum", "finished_repairs"),
    T("Durée moyenne (jours)", "Mean turnaround (days)"),
    ",.1f",
)
REPEATED = Metric(
    "repeat_repair_rate",
    ratio("repeat_repaired_units", "followed_up_units"),
    T("Réparés de nouveau (90 jours)", "Repaired again (90 days)"),
    PERCENT,
)
REFUSED = Metric(
    "refusal_rate",
    ratio("refused_requests", "decided_requests"),
    T("Taux de refus", "Refusal rate"),
    PERCENT,
)
REFUSED_RIGHT = replace(
    REFUSED, head=T("Taux de refus (échelle de droite)", "Refusal rate (right scale)")
)
BUDGET = Metric(
    "service_budget_eur",
    "sum(service_budget_eur)",
    T("Budget du SAV", "Service budget"),
    EUROS,
)
CONTACT_MONTH = T("Mois du contact", "Month of the contact")
REQUEST_MONTH = T("Mois de la demande", "Month of the request")


def part(column: str, head: T, fmt: str = COUNT) -> Metric:
    """Add up a column."""
    return Metric(column, f"sum({column})", head, fmt)


EFFECT_TABLE = table(
    "refusal_effect",
    EFFECT,
    T(
        "L'effet d'un refus : les refusés face à des clients comparables",
        "The effect of a refusal: refused people beside people alike",
    ),
    [
        Dim("measure_{lang}", T("Mesure", "Measure")),
        Dim("control_{lang}", T("Comparés aux clients", "Compared with people")),
        Dim("matched_refused_rate", T("Refusés", "Refused")),
        Dim("matched_control_rate", T("Comparables", "Alike")),
        Dim("100 * matched_difference", T("Écart (points)", "Difference (points)")),
        Dim("100 * matched_difference_low", T("Borne basse", "Lower bound")),
        Dim("100 * matched_difference_high", T("Borne haute", "Upper bound")),
    ],
    order=Metric("difference", "min(matched_difference)", T("Écart", "Difference")),
    formats={
        T("Refusés", "Refused"): PERCENT,
        T("Comparables", "Alike"): PERCENT,
        T("Écart (points)", "Difference (points)"): "+.1f",
        T("Borne basse", "Lower bound"): "+.1f",
        T("Borne haute", "Upper bound"): "+.1f",
    },
    caption=T(
        "Comparés à des clients des mêmes catégories et mois, nouveaux ou fidèles comme eux. Si"
        " les deux bornes ont le même signe, le hasard n'explique pas l'écart. Un écart n'est pas"
        " encore une cause.",
        "Compared with people of the same categories and months, new or returning as they are."
        " Where both bounds have one sign, chance does not explain the difference. A difference is"
        " not yet a cause.",
    ),
    width=7,
    height=50,
)

TABS = (
    Tab(
        T("Réponses et délais", "Answers and delays"),
        (
            (
                big("response", RESPONSE, RESPONSE_HOURS,
                    T("Première réponse", "First response"),
                    T("heures en moyenne", "hours on average"), width=2),
                big("in_target", RESPONSE, IN_TARGET,
                    T("Dans le délai", "In target"),
                    T("des réponses dues", "of answers due"), width=2),
                big("cycle", CYCLE, CYCLE_DAYS, T("Un retour dure", "A return takes"),
                    T("jours, mois soldés", "days, settled months"),
                    where="phase = 'total' and is_settled", width=2),
                big("open", BACKLOG, OPEN_RETURNS, T("Retours ouverts", "Open returns"),
                    T("à la date des données", "at the date of the data"), width=2),
                big("turnaround", EFFICIENCY, TURNAROUND, T("Réparation", "Repair"),
                    T("jours en moyenne", "days on average"), width=2),
                big("refused", DECISIONS, REFUSED, T("Taux de refus", "Refusal rate"),
                    T("des demandes décidées", "of decided requests"), width=2),
            ),
            (
                series("response_months", RESPONSE, "line",
                       T("Temps de première réponse", "Time to the first response"),
                       "contact_month", [RESPONSE_HOURS, OPENING_HOURS],
                       CONTACT_MONTH, T("Heures", "Hours"), fmt=",.0f", width=6),
                series("in_target_channels", RESPONSE, "line",
                       T("Réponses dans le délai, par canal", "Answered in target, by channel"),
                       "contact_month", [IN_TARGET],
                       CONTACT_MONTH, T("Part des réponses dues", "Share of answers due"),
                       groupby=[Dim("channel_{lang}", T("Canal", "Channel"))], fmt=".0%",
                       more={"truncateYAxis": True, "y_axis_bounds": [0, 1]}, width=6),
            ),
            (
                series("cycle_phases", CYCLE, "bar",
                       T("Durée d'un retour par phase (mois soldés : au moins 95 % clos)",
                         "Days of a return by phase (settled months: at least 95% closed)"),
                       "request_month", [CYCLE_DAYS], REQUEST_MONTH,
                       T("Jours par retour clos", "Days per closed return"),
                       groupby=[Dim("phase_{lang}", T("Phase", "Phase"))],
                       where="phase <> 'total' and is_settled", fmt=",.0f", stack=True,
                       caption=T(
                           "Les mois récents manquent exprès : seuls leurs retours rapides sont"
                           " clos, ils paraîtraient plus courts qu'ils ne sont.",
                           "Recent months are left out on purpose: only their quick returns are"
                           " closed, so they would look shorter than they are.",
                       ), width=7, height=58),
                series("backlog", BACKLOG, "bar",
                       T("Retours ouverts, par phase et âge", "Open returns, by phase and age"),
                       Dim("phase_{lang}", T("Phase", "Phase")), [OPEN_RETURNS],
                       T("", ""), T("Retours ouverts", "Open returns"),
                       groupby=[Dim("age_band_{lang}", T("Âge", "Age"))], fmt=",d", stack=True,
                       horizontal=True, width=5, height=58),
            ),
            (
                table("transit", TRANSIT, T("Transport", "Transport"), [
                    Dim("leg_{lang}", T("Trajet", "Leg")),
                    part("shipped_parcels", T("Colis", "Parcels")),
                    Metric("mean_transit_days", ratio("transit_days_sum", "delivered_parcels"),
                           T("Jours en moyenne", "Mean days"), ",.1f"),
                    Metric("on_time_rate", ratio("on_time_parcels", "promised_parcels"),
                           T("À l'heure", "On time"), PERCENT),
                    part("lost_parcels", T("Perdus", "Lost")),
                ], width=7, height=34),
                table("notices", NOTICES, T("Clients prévenus", "Customers told"), [
                    Dim("stage_{lang}", T("Étape", "Stage")),
                    part("reached_returns", T("Retours", "Returns")),
                    Metric("notification_coverage_rate",
                           ratio("notified_returns", "reached_returns"),
                           T("Prévenus", "Told"), PERCENT),
                ], width=5, height=34),
            ),
        ),
    ),
    Tab(
        T("Réparations et coûts", "Repairs and costs"),
        (
            (
                big("repaired_again", EFFICIENCY, REPEATED,
                    T("Réparés de nouveau", "Repaired again"),
                    T("dans les 90 jours", "within 90 days"), width=3),
                big("budget", COSTS, BUDGET, T("Budget du SAV", "Service budget"),
                    T("commandes d'au moins 365 jours", "orders of at least 365 days"),
                    where="is_mature_365d", width=3),
                big("cost_per_defect", COSTS,
                    Metric("cost_per_defect",
                           "(sum(repair_cost_eur) + sum(return_freight_eur) + sum(refund_eur))"
                           " / nullif(sum(defect_units), 0)",
                           T("Coût d'un défaut", "Cost of a defect"), "$,.2f"),
                    T("Coût d'un défaut", "Cost of a defect"),
                    T("par appareil, réparation, transport et remboursement",
                      "per device: repair, freight and refund"),
                    where="is_mature_365d", width=3),
                big("repair_cost", REPAIRS,
                    Metric("mean_repair_cost_eur", ratio("repair_cost_eur", "costed_repairs"),
                           T("Coût d'une réparation", "Cost of a repair"), "$,.2f"),
                    T("Coût d'une réparation", "Cost of a repair"),
                    T("en moyenne", "on average"), width=3),
            ),
            (
                table("repairs", REPAIRS,
                      T("Réparations par catégorie", "Repairs by category"), [
                    CATEGORY_DIM,
                    part("repair_events", T("Réparations", "Repairs")),
                    TURNAROUND,
                    Metric("median_turnaround_days", "max(median_turnaround_days)",
                           T("Médiane", "Median"), ",.1f"),
                    Metric("p90_turnaround_days", "max(p90_turnaround_days)",
                           T("9 sur 10 en moins de", "9 of 10 within"), ",.1f"),
                    REPEATED,
                    Metric("mean_repair_cost_eur", ratio("repair_cost_eur", "costed_repairs"),
                           T("Coût moyen", "Mean cost"), "$,.2f"),
                    Metric("repair_cost_ratio",
                           ratio("priced_repair_cost_eur", "repaired_units_price_eur"),
                           T("Coût / prix de vente", "Cost / sale price"), PERCENT),
                ], order=part("repair_events", T("Réparations", "Repairs")), descending=True,
                      width=7, height=66),
                series("coverage", COVERAGE, "bar",
                       T("Que deviennent les défauts confirmés ?",
                         "What becomes of confirmed defects?"),
                       CATEGORY_DIM, [
                           part("repaired_defect_units", T("Réparés", "Repaired")),
                           part("replaced_defect_units", T("Remplacés", "Replaced")),
                           part("refunded_defect_units", T("Remboursés", "Refunded")),
                           part("refused_defect_units", T("Refusés", "Refused")),
                           part("sent_back_defect_units", T("Renvoyés", "Sent back")),
                           part("pending_defect_units", T("En cours", "Pending")),
                       ], T("", ""), T("Appareils", "Devices"), fmt=",d", stack=True,
                       horizontal=True, width=5, height=66),
            ),
            (
                series("costs", COSTS, "bar",
                       T("Coût des retours pour défaut, par mois de commande (mois mûrs)",
                         "Cost of returns for a defect, by order month (mature months)"),
                       "order_month", [
                           part("refund_eur", T("Remboursements", "Refunds"), EUROS),
                           part("repair_cost_eur", T("Réparations", "Repairs"), EUROS),
                           part("return_freight_eur", T("Transport", "Freight"), EUROS),
                       ], T("Mois de la commande", "Order month"), T("Euros", "Euros"),
                       where="is_mature_365d", fmt=EUROS, stack=True, width=7, height=52),
                table("repair_suppliers", EFFICIENCY,
                      T("Réparations par fournisseur", "Repairs by supplier"), [
                    SUPPLIER_DIM,
                    part("repair_events", T("Réparations", "Repairs")),
                    TURNAROUND,
                    REPEATED,
                ], order=part("repair_events", T("Réparations", "Repairs")), descending=True,
                      where="repair_events > 0", page=10, width=5, height=52),
            ),
        ),
    ),
    Tab(
        T("Refus et leur effet", "Refusals and their effect"),
        (
            (
                mixed("refusals", DECISIONS,
                      T("Demandes décidées et taux de refus", "Decided requests and refusal rate"),
                      "request_month",
                      ("bar", [part("decided_requests", T("Demandes décidées",
                                                          "Decided requests")),
                               part("undecided_requests", T("Pas encore décidées",
                                                            "Not decided yet"))], (), None),
                      ("line", [REFUSED_RIGHT], (), None),
                      REQUEST_MONTH, T("Demandes", "Requests"), fmt=",d",
                      more={"yAxisIndexB": 1, "y_axis_format_secondary": ".0%",
                            "stack": "Stack",
                            "y_axis_bounds_secondary": [0, None],
                            "truncateYAxis": True, "y_axis_bounds": [0, None]},
                      width=7, height=54),
                series("reasons", REASONS, "bar",
                       T("Pourquoi les demandes sont refusées", "Why requests are refused"),
                       Dim("reason_{lang}", T("Motif", "Reason")),
                       [part("refused_requests", T("Refus", "Refusals"))],
                       T("", ""), T("Demandes refusées", "Refused requests"), fmt=",d",
                       horizontal=True, sort=T("Refus", "Refusals"), width=5, height=54),
            ),
            (
                EFFECT_TABLE,
                series("outcomes", OUTCOMES, "bar",
                       T("Après leur dossier : clients revenus commander dans l'année",
                         "After their case: people who ordered again within a year"),
                       Dim("outcome_{lang}", T("Issue", "Outcome")), [
                           Metric("retention_rate",
                                  ratio("retained_people", "followed_up_people"),
                                  T("Revenus dans l'année", "Back within a year"), PERCENT),
                       ], T("", ""), T("Part des clients", "Share of people"), fmt=".0%",
                       horizontal=True, sort=T("Revenus dans l'année", "Back within a year"),
                       width=5, height=50),
            ),
            (
                table("decisions", DECISIONS,
                      T("Décisions par catégorie", "Decisions by category"), [
                    CATEGORY_DIM,
                    part("requests", T("Demandes", "Requests")),
                    part("decided_requests", T("Décidées", "Decided")),
                    part("refused_requests", T("Refusées", "Refused")),
                    REFUSED,
                    part("refused_in_warranty_requests",
                         T("Refusées sous garantie", "Refused in warranty")),
                    Metric("abandonment_rate", ratio("given_up_requests", "watched_requests"),
                           T("Abandons", "Given up"), PERCENT),
                    Metric("repeat_case_rate", ratio("repeated_cases", "followed_up_cases"),
                           T("Cas traités de nouveau", "Repeated cases"), PERCENT),
                ], order=part("requests", T("Demandes", "Requests")), descending=True,
                      height=64),
            ),
        ),
    ),
)  # fmt: skip

_TABLES = sorted(
    {
        name
        for tab in TABS
        for row in tab.rows
        for one in row
        if isinstance(one, Chart)
        for name in one.dataset.tables
    }
)

SERVICE = Dashboard(
    "service",
    T("Service après-vente", "After-sales service"),
    (*TABS, definitions("service", _TABLES)),
    (SUPPLIER_FILTER, CATEGORY_FILTER, PERIOD_FILTER),
    {
        T("Première réponse (heures)", "First response (hours)"): BLUE,
        T("dont heures ouvrées", "of these, opening hours"): LIGHT_BLUE,
        T("Demandes décidées", "Decided requests"): LIGHT_BLUE,
        T("Pas encore décidées", "Not decided yet"): GREY,
        T("Taux de refus (échelle de droite)", "Refusal rate (right scale)"): RED,
        T("Refus", "Refusals"): RED,
        T("Revenus dans l'année", "Back within a year"): BLUE,
        T("Réparés", "Repaired"): BLUE,
        T("Remplacés", "Replaced"): LIGHT_BLUE,
        T("Remboursés", "Refunded"): PURPLE,
        T("Refusés", "Refused"): RED,
        T("Renvoyés", "Sent back"): DARK,
        T("En cours", "Pending"): GREY,
        T("Remboursements", "Refunds"): PURPLE,
        T("Réparations", "Repairs"): BLUE,
        T("Transport", "Freight"): AMBER,
        T(*AGE_BAND["0-7"]): LIGHT_BLUE,
        T(*AGE_BAND["8-14"]): BLUE,
        T(*AGE_BAND["15-30"]): AMBER,
        T(*AGE_BAND["31-60"]): RED,
        T(*CHANNEL["chat"]): GREEN,
        T(*CHANNEL["email"]): BLUE,
        T(*CHANNEL["form"]): PURPLE,
        T(*CHANNEL["phone"]): AMBER,
    },
)
