"""Grading: the board of the marketplace and the board of a refurbisher."""

from dashboards.declaration.charts import (
    AMBER,
    BLUE,
    COUNT,
    DARK,
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
    CATEGORY,
    CORRECTION,
    GRADE,
    PREDICTOR,
    SEVERITY,
    SOURCE_OF_GRADE,
    words,
)
from dashboards.declaration.model import Chart, Dashboard, Dataset, Dim, Filter, Metric, T, Tab
from dashboards.declaration.shared import (
    CATEGORY_DIM,
    CATEGORY_FILTER,
    PERIOD_FILTER,
    SUPPLIER,
    both,
    coloured,
    definitions,
    ratio,
)

# sorted as grades are, and not by their names
NUMBERED = {
    code: tuple(f"{rank} {word}" for word in GRADE[code])
    for rank, code in enumerate(("broken", "fair", "very_good", "perfect"), start=1)
}
REFURBISHER_HEAD = T("Reconditionneur", "Refurbisher")
REFURBISHER_DIM = Dim("supplier", REFURBISHER_HEAD)

_DAILY = (
    "evaluations", "suggestions_shown", "accepted_suggestions", "validated_gradings",
    "justifications", "compared_evaluations", "no_gap_evaluations", "slight_gap_evaluations",
    "important_gap_evaluations", "corrected_gradings", "repriced_gradings", "returns_requested",
    "matured_units", "returned_units_30d", "claims_opened", "grade_disputes_opened",
    "disputes_closed", "resolution_hours_sum", "perceived_grades", "perceived_gap_sum",
)  # fmt: skip

PERIOD = Dataset(
    "grading_last_28_days",
    f"""
select {", ".join(_DAILY)}
from grading.mart_grading_daily
where date_day > (select max(date_day) from grading.mart_grading_daily) - interval 28 day
""",
    _DAILY,
    "Grading of the 28 days that end with the data.",
)

DAILY = Dataset(
    "grading_months",
    f"""
select cast(date_trunc('month', date_day) as date) as grading_month, {", ".join(_DAILY)}
from grading.mart_grading_daily
""",
    ("grading_month", *_DAILY),
    "Grading day by day, with the month of each day.",
    "grading_month",
)


def _worded(column: str, difference: bool = False) -> str:
    """Write a figure of a tile as text, in the unit of the tile, for both languages."""
    sign = "+" if difference else ""
    share = f"printf('%{sign}.1f', 100 * {column})"
    rate = f"concat({share}, ' pts')" if difference else f"concat({share}, ' %')"
    hours = f"concat(printf('%{sign}.1f', {column}), ' h')"
    return (
        f"case when {column} is null then '' when tiles.unit = 'rate' then {rate}"
        f" when tiles.unit = 'hours' then {hours}"
        f" when tiles.unit = 'grades' then printf('%+.2f', {column})"
        f" else printf('%{sign}d', cast({column} as bigint)) end"
    )


def _tile(column: str, name: str, difference: bool = False) -> str:
    text = _worded(column, difference)
    return f"replace({text}, '.', ',') as {name}_fr,\n    {text} as {name}_en"


TILES = Dataset(
    "grading_tiles",
    f"""
with today as (
    select *
    from grading.mart_grading_tiles
    where date_day = (select max(date_day) from grading.mart_grading_tiles)
)

select
    tiles.brief_item,
    tiles.tile_id,
    tiles.name_fr,
    tiles.name_en,
    {_tile("today.period_value", "period")},
    {_tile("today.previous_period_value", "previous")},
    {_tile("coalesce(today.period_delta_points, today.period_delta_abs)", "change", True)},
    today.period_delta_rel,
    {_tile("today.tile_value", "day")},
    {_tile("today.yesterday_value", "yesterday")},
    {_tile("coalesce(today.yesterday_delta_points, today.yesterday_delta_abs)", "day_change", True)}
from reference.grading_tiles as tiles
left join today on tiles.tile_id = today.tile_id
""",
    (
        "brief_item", "tile_id", *both("name", "period", "previous", "change", "day",
        "yesterday", "day_change"), "period_delta_rel",
    ),
    "The cards of the market board: their value, what it was before, and the day.",
    grain=("name",),
)  # fmt: skip

IMPACT = Dataset(
    "correction_impact",
    f"""
select
    correction_month,
    {words("correction_kind", CORRECTION, "kind")},
    correction_kind,
    span_months,
    usable_corrections,
    -- an effect of a handful of corrections, without bounds, would look like news
    case when sales_effect_rel_low is not null then sales_effect_rel end as sales_effect_rel,
    sales_effect_rel_low,
    sales_effect_rel_high,
    price_effect_rel,
    correction_month = max(correction_month) over () as is_latest
from grading.mart_correction_impact
""",
    (
        "correction_month", *both("kind"), "correction_kind", "span_months",
        "usable_corrections", "sales_effect_rel", "sales_effect_rel_low",
        "sales_effect_rel_high", "price_effect_rel", "is_latest",
    ),
    "Sales of corrected offers beside offers that were not corrected.",
    "correction_month",
    grain=("correction_month", "kind", "span_months"),
)  # fmt: skip

GRADE_RETURNS = Dataset(
    "grade_returns",
    f"""
select
    {words("announced_grade", NUMBERED, "grade")},
    {words("category", CATEGORY, "category")},
    ordered_units, returned_units, condition_returned_units
from grading.mart_grade_return_rate
""",
    (*both("grade", "category"), "ordered_units", "returned_units", "condition_returned_units"),
    "Returns within 30 days by announced grade and category, mature months.",
)

PERCEIVED = Dataset(
    "perceived_grades",
    f"""
select
    {SUPPLIER} as supplier,
    {words("perceived.category", CATEGORY, "category")},
    perceived.order_month, perceived.perceived_ratings, perceived.perceived_gap_sum,
    perceived.worse_ratings
from grading.mart_perceived_vs_announced as perceived
left join core.dim_suppliers as suppliers on perceived.supplier_id = suppliers.supplier_id
""",
    (
        "supplier", *both("category"), "order_month", "perceived_ratings", "perceived_gap_sum",
        "worse_ratings",
    ),
    "The grade that customers saw less the grade that was announced.",
    "order_month",
)  # fmt: skip

MARKET = Dataset(
    "marketplace_health",
    """
select
    order_month, priced_orders, revenue_eur, ordered_units, condition_returned_units_30d,
    shipped_lines, refunded_lines_30d, disputed_lines_30d, viewing_sessions, ordering_sessions,
    is_mature_30d
from grading.mart_marketplace_health
""",
    (
        "order_month", "priced_orders", "revenue_eur", "ordered_units",
        "condition_returned_units_30d", "shipped_lines", "refunded_lines_30d",
        "disputed_lines_30d", "viewing_sessions", "ordering_sessions", "is_mature_30d",
    ),
    "What grading is meant to move, by order month.",
    "order_month",
)  # fmt: skip

CLASS = {
    "reliable": ("Notation fiable", "Reliable grading"),
    "to_improve": ("Notation à améliorer", "Grading to improve"),
    "not_enough_data": ("Données insuffisantes", "Not enough data"),
}
BOARD = Dataset(
    "refurbishers",
    f"""
select
    {SUPPLIER} as supplier,
    {words("coalesce(board.confidence_class, 'not_enough_data')", CLASS, "class")},
    -- without enough data a score is shown to nobody as a rank
    case when board.confidence_class <> 'not_enough_data' then board.confidence_score end as score,
    case when board.confidence_class <> 'not_enough_data' then board.confidence_delta_points end
        as score_change,
    case board.confidence_class when 'to_improve' then 0 when 'reliable' then 1 else 2 end
        + coalesce(board.confidence_score, 0) as display_order,
    board.compared_evaluations, board.no_gap_evaluations, board.slight_gap_evaluations,
    board.important_gap_evaluations, board.graded_devices, board.graded_products,
    board.matured_units, board.returned_units_30d,
    board.previous_compared_evaluations, board.previous_no_gap_evaluations,
    board.previous_graded_products,
    board.concordance_delta_points, board.vs_market_points, board.vs_previous_points,
    board.graded_products_delta_rel
from grading.mart_refurbisher_board as board
left join core.dim_suppliers as suppliers on board.supplier_id = suppliers.supplier_id
""",
    (
        "supplier", *both("class"), "score", "score_change", "display_order",
        "compared_evaluations", "no_gap_evaluations", "slight_gap_evaluations",
        "important_gap_evaluations", "graded_devices", "graded_products", "matured_units",
        "returned_units_30d", "previous_compared_evaluations", "previous_no_gap_evaluations",
        "previous_graded_products", "concordance_delta_points", "vs_market_points",
        "vs_previous_points", "graded_products_delta_rel",
    ),
    "The board of each refurbisher: 28 days, the 28 before, and the market.",
    grain=("supplier",),
)  # fmt: skip

MONTHS = Dataset(
    "refurbisher_months",
    f"""
select
    {SUPPLIER} as supplier,
    months.order_month, months.ordered_units, months.returned_units_30d,
    months.market_ordered_units, months.market_returned_units_30d, months.is_mature_30d
from grading.mart_refurbisher_months as months
left join core.dim_suppliers as suppliers on months.supplier_id = suppliers.supplier_id
""",
    (
        "supplier", "order_month", "ordered_units", "returned_units_30d",
        "market_ordered_units", "market_returned_units_30d", "is_mature_30d",
    ),
    "Returns within 30 days of a refurbisher beside the market of the same month.",
    "order_month",
)  # fmt: skip

CATEGORIES = Dataset(
    "refurbisher_categories",
    f"""
select
    {SUPPLIER} as supplier,
    {words("scores.category", CATEGORY, "category")},
    scores.compared_evaluations, scores.conform_evaluations,
    scores.market_compared_evaluations, scores.market_conform_evaluations
from grading.mart_refurbisher_categories as scores
left join core.dim_suppliers as suppliers on scores.supplier_id = suppliers.supplier_id
""",
    (
        "supplier", *both("category"), "compared_evaluations", "conform_evaluations",
        "market_compared_evaluations", "market_conform_evaluations",
    ),
    "Concordance of a refurbisher by category, beside the market.",
)  # fmt: skip

MOTIVES = Dataset(
    "refurbisher_motives",
    f"""
select
    {SUPPLIER} as supplier,
    labels.name_fr as motive_fr, labels.name_en as motive_en,
    motives.return_events, motives.all_return_events,
    motives.market_motive_events, motives.market_return_events
from grading.mart_refurbisher_motives as motives
left join core.dim_suppliers as suppliers on motives.supplier_id = suppliers.supplier_id
left join reference.grading_labels as labels
    on labels.label_kind = 'return_motive' and motives.motive = labels.code
""",
    (
        "supplier", *both("motive"), "return_events", "all_return_events",
        "market_motive_events", "market_return_events",
    ),
    "Why devices of a refurbisher come back, beside the market.",
)  # fmt: skip

RECENT = Dataset(
    "recent_corrections",
    f"""
select
    {SUPPLIER} as supplier,
    recent.product_name,
    recent.correction_date,
    strftime(recent.correction_date, '%d/%m/%Y') as date_fr,
    strftime(recent.correction_date, '%Y-%m-%d') as date_en,
    recent.initial_grade_fr,
    {words("recent.initial_grade", GRADE, "initial")},
    {words("recent.suggested_grade", GRADE, "suggested")},
    recent.suggestion_gap_abs as gap,
    labels.name_fr as status_fr,
    labels.name_en as status_en,
    row_number() over (order by recent.correction_date desc, recent.correction_id) as row_order
from grading.mart_recent_corrections as recent
left join core.dim_suppliers as suppliers on recent.supplier_id = suppliers.supplier_id
left join reference.grading_labels as labels
    on labels.label_kind = 'correction_status' and recent.status = labels.code
""",
    (
        "supplier", "product_name", "correction_date", *both("date"), "initial_grade_fr",
        *both("initial", "suggested", "status"), "gap", "row_order",
    ),
    "The latest corrections of grades.",
    "correction_date",
)  # fmt: skip

ALERTS = Dataset(
    "grading_alerts",
    f"""
select
    case when alerts.entity_type = 'supplier' then {SUPPLIER} else alerts.entity_id end
        as supplier,
    {words("alerts.severity", SEVERITY, "severity")},
    alerts.name_fr, alerts.name_en, rules.description_fr, rules.description_en,
    alerts.cases, alerts.measured_value, alerts.judged_value, alerts.threshold
from grading.mart_alerts as alerts
left join core.dim_suppliers as suppliers on alerts.entity_id = suppliers.supplier_id
left join reference.grading_alert_rules as rules on alerts.rule_id = rules.rule_id
""",
    (
        "supplier", *both("severity", "name", "description"), "cases", "measured_value",
        "judged_value", "threshold",
    ),
    "Refurbishers and months that a rule points at.",
    grain=("supplier", "name"),
)  # fmt: skip

CONFUSION = Dataset(
    "model_confusion",
    f"""
select
    predictor,
    {words("predictor", PREDICTOR, "predictor")},
    {words("verified_grade", NUMBERED, "verified")},
    {words("predicted_grade", NUMBERED, "predicted")},
    evaluation_count
from grading.mart_grade_model_confusion
""",
    ("predictor", *both("predictor", "verified", "predicted"), "evaluation_count"),
    "Grades of laboratory audits beside the grades that were predicted.",
)

MODEL = Dataset(
    "model_quality",
    f"""
select
    {words("predictor", PREDICTOR, "predictor")},
    evaluation_count, correct_count, accuracy_rate, accuracy_rate_low, accuracy_rate_high,
    macro_precision, macro_recall, macro_f1, quadratic_weighted_kappa,
    cross_validation_macro_f1_mean
from grading.mart_grade_model_quality
""",
    (
        *both("predictor"), "evaluation_count", "correct_count", "accuracy_rate",
        "accuracy_rate_low", "accuracy_rate_high", "macro_precision", "macro_recall",
        "macro_f1", "quadratic_weighted_kappa", "cross_validation_macro_f1_mean",
    ),
    "How well the model, refurbishers and the most frequent grade agree with audits.",
    grain=("predictor",),
)  # fmt: skip

CLASSES = Dataset(
    "model_classes",
    f"""
select
    predictor,
    grade_rank,
    {words("grade", GRADE, "grade")},
    verified_count, predicted_count, correct_count, f1_score
from grading.mart_grade_model_classes
""",
    (
        "predictor", "grade_rank", *both("grade"), "verified_count", "predicted_count",
        "correct_count", "f1_score",
    ),
    "Precision and recall of each grade.",
    grain=("predictor", "grade"),
)  # fmt: skip

DRIFT = Dataset(
    "grade_drift",
    f"""
select
    evaluation_month,
    {words("grade_source", SOURCE_OF_GRADE, "source")},
    stability_index,
    evaluations
from grading.mart_grade_drift
""",
    ("evaluation_month", *both("source"), "stability_index", "evaluations"),
    "How far the grades of a month are from those of the six before.",
    "evaluation_month",
    grain=("evaluation_month", "source"),
)

DAYS_28 = T("28 derniers jours", "last 28 days")
MONTH = T("Mois", "Month")


def part(column: str, head: T, fmt: str = COUNT) -> Metric:
    """Add up a column."""
    return Metric(column, f"sum({column})", head, fmt)


def card(key: str, parts: str, whole: str | None, title: T, fmt: str = PERCENT, **more) -> Chart:
    """One card of the market board, over the last 28 days."""
    sql = ratio(parts, whole) if whole else f"sum({parts})"
    return big(key, PERIOD, Metric(key, sql, title, fmt), title, DAYS_28, width=2, **more)


NO_GAP = T("Écart = 0", "Gap = 0")
SLIGHT = T("0 < écart ≤ 2", "0 < gap ≤ 2")
IMPORTANT = T("Écart > 2", "Gap > 2")


def gap_shares() -> list[Metric]:
    """Give the shares of the three classes of gaps."""
    return [
        Metric("no_gap_share", ratio("no_gap_evaluations", "compared_evaluations"), NO_GAP,
               PERCENT),
        Metric("slight_gap_share", ratio("slight_gap_evaluations", "compared_evaluations"),
               SLIGHT, PERCENT),
        Metric("important_gap_share", ratio("important_gap_evaluations", "compared_evaluations"),
               IMPORTANT, PERCENT),
    ]  # fmt: skip


def effect(suffix: str, column: str) -> Metric:
    """Read the effect of corrections over six months, one row per month."""
    return Metric(
        column,
        f"max(case when correction_kind = 'all' and span_months = 6 then {column} end)",
        T("Ventes des offres corrigées" + suffix, "Sales of corrected offers" + suffix),
        "+.0%",
    )


CLASS_HEAD = T("Classe", "Class")
SEVERITY_HEAD = T("Gravité", "Severity")

MARKET_TAB = Tab(
    T("Tableau du marché", "Market board"),
    (
        (
            card("acceptance_rate", "accepted_suggestions", "suggestions_shown",
                 T("Taux d'acceptation", "Acceptance rate")),
            card("justifications", "justifications", None,
                 T("Justifications", "Justifications"), COUNT),
            card("important_gaps", "important_gap_evaluations", None, IMPORTANT, COUNT),
            card("return_30d_rate", "returned_units_30d", "matured_units",
                 T("Taux de retour", "Return rate")),
            card("validated_gradings", "validated_gradings", None,
                 T("Notes validées", "Gradings validated"), COUNT),
            card("price_adjustment_rate", "repriced_gradings", "corrected_gradings",
                 T("Prix ajustés", "Prices adjusted")),
        ),
        (
            card("mean_resolution_hours", "resolution_hours_sum", "disputes_closed",
                 T("Contestations (h)", "Disputes (h)"), ",.0f"),
            card("mean_perceived_gap", "perceived_gap_sum", "perceived_grades",
                 T("Qualité perçue", "Perceived quality"), "+.2f"),
            card("returns_requested", "returns_requested", None, T("Retours", "Returns"), COUNT),
            card("disputes_opened", "claims_opened + grade_disputes_opened", None,
                 T("Contestations", "Disputes"), COUNT),
            card("validated_rate", "validated_gradings", "evaluations",
                 T("Notes acceptées", "Gradings accepted")),
            card("no_gap_share", "no_gap_evaluations", "compared_evaluations", NO_GAP),
        ),
        (
            table("tiles", TILES,
                  T("Les tuiles du tableau, comparées", "The tiles of the board, compared"), [
                Dim("name_{lang}", T("Indicateur", "Indicator")),
                Dim("period_{lang}", T("28 derniers jours", "Last 28 days")),
                Dim("previous_{lang}", T("28 jours d'avant", "28 days before")),
                Dim("change_{lang}", T("Évolution", "Change")),
                Dim("day_{lang}", T("Dernier jour", "Last day")),
                Dim("yesterday_{lang}", T("La veille", "Day before")),
                Dim("day_change_{lang}", T("vs hier", "vs yesterday")),
            ], order=Metric("brief_item", "min(brief_item)", T("Ordre", "Order")),
                  caption=T(
                      "Une part change en points (pts), un nombre en unités. Un seul jour compte"
                      " peu de cas : préférer les 28 jours.",
                      "A share changes in points (pts), a count in units. One day has few cases:"
                      " prefer the 28 days.",
                  ), height=72),
        ),
        (
            series("gaps", DAILY, "bar",
                   T("Distribution des écarts, par mois", "Distribution of gaps, by month"),
                   "grading_month", gap_shares(), MONTH,
                   T("Part des notes comparées", "Share of compared gradings"), stack=True,
                   fmt=".0%", width=6, height=50,
                   more={"truncateYAxis": True, "y_axis_bounds": [0, 1]}),
            series("returns_and_disputes", DAILY, "bar",
                   T("Retours et contestations, par mois", "Returns and disputes, by month"),
                   "grading_month", [
                       part("returns_requested", T("Retours", "Returns")),
                       part("claims_opened", T("Réclamations", "Claims")),
                       part("grade_disputes_opened",
                            T("Contestations de note", "Grade disputes")),
                   ], MONTH, T("Nombre", "Number"), fmt=",d", stack=True, width=6, height=50),
        ),
        (
            Chart("grade_returns", GRADE_RETURNS, "heatmap_v2",
                  T("Fiabilité : retours à 30 jours par note annoncée et catégorie",
                    "Reliability: returns within 30 days by announced grade and category"), {
                      "adhoc_filters": [],
                      "x_axis": Dim("grade_{lang}", T("Note annoncée", "Announced grade")),
                      "groupby": CATEGORY_DIM,
                      # of fewer units a single return makes a dark cell
                      "metric": Metric("return_30d_rate",
                                       "case when sum(ordered_units) >= 50 then "
                                       + ratio("returned_units", "ordered_units") + " end",
                                       T("Retours à 30 jours", "Back within 30 days"), PERCENT),
                      "row_limit": 5000,
                      "sort_x_axis": "alpha_asc",
                      "sort_y_axis": "alpha_desc",
                      "normalize_across": "heatmap",
                      "linear_color_scheme": "schemeOranges",
                      "legend_type": "continuous",
                      "show_legend": True,
                      "show_values": True,
                      "value_bounds": [None, None],
                      "y_axis_format": ".1%",
                      "xscale_interval": 1,
                      "yscale_interval": 1,
                      "left_margin": 140,
                      "bottom_margin": 50,
                  }, caption=T("Cases vides : moins de 50 unités.",
                               "Empty cells: fewer than 50 units."), width=6, height=64),
            series("perceived", PERCEIVED, "bar",
                   T("Qualité perçue moins annoncée, par catégorie (en notes)",
                     "Perceived less announced quality, by category (in grades)"),
                   CATEGORY_DIM, [
                       Metric("mean_perceived_gap",
                              ratio("perceived_gap_sum", "perceived_ratings"),
                              T("Écart moyen", "Mean gap"), "+.2f"),
                   ], T("", ""), T("Sous zéro : pire qu'annoncé", "Below zero: worse than said"),
                   fmt="+.2f", horizontal=True, sort=T("Écart moyen", "Mean gap"), width=6,
                   height=64),
        ),
        (
            series("impact", IMPACT, "line",
                   T("Effet des corrections sur les ventes (6 mois glissants, contre témoins)",
                     "Effect of corrections on sales (6 months, against controls)"),
                   "correction_month",
                   [effect("", "sales_effect_rel"),
                    effect("__yhat_lower", "sales_effect_rel_low"),
                    effect("__yhat_upper", "sales_effect_rel_high")],
                   MONTH, T("Écart relatif", "Relative difference"), fmt="+.0%",
                   caption=T(
                       "Tant que la bande contient zéro, aucun effet n'est établi.",
                       "As long as the band holds zero, no effect is established.",
                   ), width=6, height=50),
            table("impact_table", IMPACT,
                  T("Effet des corrections, dernier mois", "Effect of corrections, last month"), [
                Dim("kind_{lang}", T("Corrections", "Corrections")),
                Dim("span_months", T("Mois", "Months")),
                part("usable_corrections", T("Cas", "Cases")),
                Metric("sales_effect_rel", "max(sales_effect_rel)",
                       T("Ventes", "Sales"), "+.1%"),
                Metric("sales_effect_rel_low", "max(sales_effect_rel_low)",
                       T("Borne basse", "Lower bound"), "+.1%"),
                Metric("sales_effect_rel_high", "max(sales_effect_rel_high)",
                       T("Borne haute", "Upper bound"), "+.1%"),
                Metric("price_effect_rel", "max(price_effect_rel)", T("Prix", "Price"), "+.1%"),
            ], where="is_latest", order=part("span_months", T("Mois", "Months")), width=6,
                  height=50),
        ),
        (
            series("market_health", MARKET, "line",
                   T("Ce que la notation doit améliorer (30 jours après la commande, mois mûrs)",
                     "What grading is meant to move (30 days from the order, mature months)"),
                   "order_month", [
                       Metric("condition_return_30d_rate",
                              ratio("condition_returned_units_30d", "ordered_units"),
                              T("Retours pour état", "Returns for condition"), PERCENT),
                       Metric("refund_30d_rate", ratio("refunded_lines_30d", "shipped_lines"),
                              T("Remboursements", "Refunds"), PERCENT),
                       Metric("dispute_30d_rate", ratio("disputed_lines_30d", "shipped_lines"),
                              T("Litiges", "Disputes"), PERCENT),
                   ], T("Mois de la commande", "Order month"), T("Part", "Share"),
                   where="is_mature_30d", width=6, height=50),
            series("conversion", MARKET, "line",
                   T("Conversion : visites suivies d'une commande",
                     "Conversion: visits followed by an order"),
                   "order_month", [
                       Metric("conversion_rate", ratio("ordering_sessions", "viewing_sessions"),
                              T("Taux de conversion", "Conversion rate"), PERCENT),
                   ], MONTH, T("Part des visites", "Share of visits"),
                   where="is_mature_30d", fmt=".0%", width=6, height=50),
        ),
    ),
)  # fmt: skip

OWN = T("Vos retours (mois mûrs)", "Your returns (mature months)")
OWN_YOUNG = T("Pas mûr : déjà revenu", "Not mature: so far")
MARKET_LINE = T("Moyenne du marché", "Market mean")

REFURBISHER_TAB = Tab(
    T("Reconditionneur", "Refurbisher"),
    (
        (
            big("concordance", BOARD,
                Metric("concordance_rate", ratio("no_gap_evaluations", "compared_evaluations"),
                       T("Concordance ML", "ML concordance"), PERCENT),
                T("Concordance ML", "ML concordance"), DAYS_28, width=3),
            big("previous_concordance", BOARD,
                Metric("previous_concordance_rate",
                       ratio("previous_no_gap_evaluations", "previous_compared_evaluations"),
                       T("Concordance avant", "Concordance before"), PERCENT),
                T("Concordance avant", "Concordance before"),
                T("28 jours d'avant", "the 28 days before"), width=3),
            big("own_returns", BOARD,
                Metric("return_30d_rate", ratio("returned_units_30d", "matured_units"),
                       T("Taux de retour à 30 jours", "Returns within 30 days"), PERCENT),
                T("Taux de retour à 30 jours", "Returns within 30 days"), DAYS_28, width=3),
            big("graded", BOARD,
                part("graded_devices", T("Appareils notés", "Devices graded")),
                T("Appareils notés", "Devices graded"), DAYS_28, width=3),
        ),
        (
            table("refurbishers", BOARD,
                  T("Les reconditionneurs : score de confiance, notation et retours",
                    "Refurbishers: confidence score, grading and returns"), [
                REFURBISHER_DIM,
                Dim("class_{lang}", CLASS_HEAD),
                part("compared_evaluations", T("Notes comparées", "Compared gradings")),
                Dim("score", T("Score de confiance", "Confidence score")),
                Dim("100 * score_change", T("Évolution (pts)", "Change (pts)")),
                Metric("concordance_rate", ratio("no_gap_evaluations", "compared_evaluations"),
                       T("Concordance ML", "ML concordance"), PERCENT),
                Dim("100 * concordance_delta_points",
                    T("Évol. concordance (pts)", "Concordance change (pts)")),
                Metric("return_30d_rate", ratio("returned_units_30d", "matured_units"),
                       T("Taux de retour", "Return rate"), PERCENT),
                Dim("100 * vs_market_points", T("vs marché (pts)", "vs market (pts)")),
                Dim("100 * vs_previous_points", T("vs avant (pts)", "vs before (pts)")),
                part("graded_products", T("Produits notés", "Products graded")),
                Dim("graded_products_delta_rel", T("Évol. produits", "Products change")),
            ], order=Metric("display_order", "min(display_order)", T("Ordre", "Order")),
                  colours=coloured(CLASS_HEAD, CLASS, {
                      "reliable": GREEN, "to_improve": AMBER, "not_enough_data": GREY}),
                  formats={
                      T("Score de confiance", "Confidence score"): PERCENT,
                      T("Évolution (pts)", "Change (pts)"): "+.1f",
                      T("Évol. concordance (pts)", "Concordance change (pts)"): "+.1f",
                      T("vs marché (pts)", "vs market (pts)"): "+.1f",
                      T("vs avant (pts)", "vs before (pts)"): "+.1f",
                      T("Évol. produits", "Products change"): "+.0%",
                  },
                  caption=T(
                      "28 derniers jours. Les évolutions d'une part sont en points de"
                      " pourcentage. À améliorer d'abord ; sans assez de données en dernier,"
                      " sans score.",
                      "Last 28 days. Changes of a share are percentage points. Grading to"
                      " improve first; without enough data last, and without a score.",
                  ), page=10, height=66),
        ),
        (
            series("performance", BOARD, "bar",
                   T("Performance de notation", "Grading performance"),
                   Dim("class_{lang}", CLASS_HEAD), gap_shares(), T("", ""),
                   T("Part des notes comparées", "Share of compared gradings"), stack=True,
                   horizontal=True, fmt=".0%", width=5, height=52,
                   more={"truncateYAxis": True, "y_axis_bounds": [0, 1]}),
            mixed("evolution", MONTHS,
                  T("Évolution du taux de retour : vous et le marché",
                    "Return rate over time: you and the market"),
                  "order_month",
                  ("bar", [
                      Metric("own", "sum(case when is_mature_30d then returned_units_30d end)"
                             " * 1.0 / nullif(sum(case when is_mature_30d then ordered_units"
                             " end), 0)", OWN, PERCENT),
                      Metric("own_young",
                             "sum(case when not is_mature_30d then returned_units_30d end)"
                             " * 1.0 / nullif(sum(case when not is_mature_30d then"
                             " ordered_units end), 0)", OWN_YOUNG, PERCENT),
                  ], (), None),
                  ("line", [
                      Metric("market",
                             "sum(case when is_mature_30d then market_returned_units_30d end)"
                             " * 1.0 / nullif(sum(case when is_mature_30d then"
                             " market_ordered_units end), 0)", MARKET_LINE, PERCENT),
                  ], (), None),
                  T("Mois de la commande", "Order month"),
                  T("Retours à 30 jours", "Back within 30 days"),
                  more={"stack": "Stack"}, width=7, height=52),
        ),
        (
            series("categories", CATEGORIES, "bar",
                   T("Concordance par catégorie : vous et le marché",
                     "Concordance by category: you and the market"),
                   CATEGORY_DIM, [
                       Metric("own", ratio("conform_evaluations", "compared_evaluations"),
                              T("Votre concordance", "Your concordance"), PERCENT),
                       Metric("market",
                              ratio("market_conform_evaluations", "market_compared_evaluations"),
                              MARKET_LINE, PERCENT),
                   ], T("", ""), T("Part des notes sans écart", "Share without a gap"),
                   horizontal=True, fmt=".0%", width=6, height=62),
            series("motives", MOTIVES, "bar",
                   T("Motifs de retour : vous et le marché",
                     "Motives of returns: you and the market"),
                   Dim("motive_{lang}", T("Motif", "Motive")), [
                       Metric("own", ratio("return_events", "all_return_events"),
                              T("Vos retours", "Your returns"), PERCENT),
                       Metric("market", ratio("market_motive_events", "market_return_events"),
                              MARKET_LINE, PERCENT),
                   ], T("", ""), T("Part des retours", "Share of returns"), horizontal=True,
                   fmt=".0%", width=6, height=62),
        ),
        (
            table("recent", RECENT, T("Corrections récentes", "Recent corrections"), [
                Dim("product_name", T("Produit", "Product")),
                REFURBISHER_DIM,
                Dim("date_{lang}", T("Date", "Date")),
                Dim("initial_{lang}", T("Note initiale", "Initial grade")),
                Dim("suggested_{lang}", T("Note ML", "ML grade")),
                Dim("gap", T("Écart", "Gap")),
                Dim("status_{lang}", T("Statut", "Status")),
            ], order=Metric("row_order", "min(row_order)", T("Ordre", "Order")), page=10,
                  height=62),
        ),
    ),
)  # fmt: skip

MODEL_TAB = Tab(
    T("Alertes et modèle", "Alerts and model"),
    (
        (
            table("alerts", ALERTS, T("Alertes en cours", "Alerts"), [
                Dim("severity_{lang}", SEVERITY_HEAD),
                Dim("name_{lang}", T("Règle", "Rule")),
                Dim("supplier", T("Qui ou quand", "Who or when")),
                part("cases", T("Cas", "Cases")),
                Dim("measured_value", T("Mesuré", "Measured")),
                Dim("judged_value", T("Borne jugée", "Bound judged")),
                Dim("threshold", T("Seuil", "Threshold")),
                Dim("description_{lang}", T("Ce que cela veut dire", "What it means")),
            ], order=part("cases", T("Cas", "Cases")), descending=True,
                  colours=coloured(SEVERITY_HEAD, SEVERITY, {"critical": RED, "warning": AMBER}),
                  formats={
                      T("Mesuré", "Measured"): ",.2f",
                      T("Borne jugée", "Bound judged"): ",.2f",
                      T("Seuil", "Threshold"): ",.2f",
                  }, may_be_empty=True, height=62),
        ),
        (
            Chart("confusion", CONFUSION, "heatmap_v2",
                  T("Matrice de confusion du modèle (audits de laboratoire)",
                    "Confusion matrix of the model (laboratory audits)"), {
                      "adhoc_filters": [{
                          "expressionType": "SQL", "clause": "WHERE",
                          "sqlExpression": "predictor = 'model'"}],
                      "x_axis": Dim("predicted_{lang}", T("Note prédite", "Predicted grade")),
                      "groupby": Dim("verified_{lang}", T("Note vérifiée", "Verified grade")),
                      "metric": part("evaluation_count", T("Appareils", "Devices")),
                      "row_limit": 100,
                      "sort_x_axis": "alpha_asc",
                      "sort_y_axis": "alpha_desc",
                      "normalize_across": "y",
                      "linear_color_scheme": "schemeBlues",
                      "legend_type": "continuous",
                      "show_legend": False,
                      "show_values": True,
                      "value_bounds": [None, None],
                      "y_axis_format": ",d",
                      "xscale_interval": 1,
                      "yscale_interval": 1,
                      "left_margin": 110,
                      "bottom_margin": 50,
                  }, caption=T("Lignes : note vérifiée. Colonnes : note prédite.",
                               "Rows: verified grade. Columns: predicted grade."),
                  may_be_empty=True, width=5, height=52),
            table("model_quality", MODEL,
                  T("Qui note juste ?", "Whose grades are right?"), [
                Dim("predictor_{lang}", T("Qui", "Who")),
                part("evaluation_count", T("Audits", "Audits")),
                Metric("accuracy_rate", ratio("correct_count", "evaluation_count"),
                       T("Exactitude", "Accuracy"), PERCENT),
                Metric("accuracy_rate_low", "max(accuracy_rate_low)",
                       T("Borne basse", "Lower bound"), PERCENT),
                Metric("accuracy_rate_high", "max(accuracy_rate_high)",
                       T("Borne haute", "Upper bound"), PERCENT),
                Metric("macro_f1", "max(macro_f1)", T("F1 moyen", "Macro F1"), ".3f"),
                Metric("kappa", "max(quadratic_weighted_kappa)", T("Kappa", "Kappa"), ".3f"),
            ], order=Metric("accuracy_rate", ratio("correct_count", "evaluation_count"),
                            T("Exactitude", "Accuracy")), descending=True,
                  may_be_empty=True, width=7, height=52),
        ),
        (
            series("drift", DRIFT, "line",
                   T("Dérive de la distribution des notes (PSI)", "Drift of grades (PSI)"),
                   "evaluation_month", [
                       Metric("stability_index", "max(stability_index)", T("PSI", "PSI"), ".3f"),
                   ], MONTH, T("Indice de stabilité", "Stability index"),
                   groupby=[Dim("source_{lang}", T("Notes", "Grades"))], fmt=".2f",
                   caption=T("Au-dessus de 0,1 : à regarder ; au-dessus de 0,25 : dérive.",
                             "Above 0.1: look; above 0.25: drift."),
                   may_be_empty=True, width=7, height=50),
            table("classes", CLASSES,
                  T("Précision et rappel du modèle, par note",
                    "Precision and recall of the model, by grade"), [
                Dim("grade_{lang}", T("Note", "Grade")),
                part("verified_count", T("Vérifiées", "Verified")),
                Metric("precision_rate", ratio("correct_count", "predicted_count"),
                       T("Précision", "Precision"), PERCENT),
                Metric("recall_rate", ratio("correct_count", "verified_count"),
                       T("Rappel", "Recall"), PERCENT),
                Metric("f1_score", "max(f1_score)", T("F1", "F1"), ".3f"),
            ], where="predictor = 'model'",
                  order=Metric("grade_rank", "min(grade_rank)", T("Ordre", "Order")),
                  may_be_empty=True, width=5, height=50),
        ),
    ),
)  # fmt: skip

TABS = (MARKET_TAB, REFURBISHER_TAB, MODEL_TAB)
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

GRADING = Dashboard(
    "grading",
    T("Notation et reconditionneurs", "Grading and refurbishers"),
    (*TABS, definitions("grading", _TABLES)),
    (
        Filter("supplier", REFURBISHER_HEAD, BOARD, "supplier"),
        CATEGORY_FILTER,
        PERIOD_FILTER,
    ),
    {
        NO_GAP: GREEN,
        SLIGHT: AMBER,
        IMPORTANT: RED,
        T("Retours", "Returns"): LIGHT_BLUE,
        T("Réclamations", "Claims"): BLUE,
        T("Contestations de note", "Grade disputes"): PURPLE,
        OWN: BLUE,
        OWN_YOUNG: GREY,
        MARKET_LINE: DARK,
        T("Votre concordance", "Your concordance"): BLUE,
        T("Vos retours", "Your returns"): BLUE,
        T("Écart moyen", "Mean gap"): BLUE,
        T("Ventes des offres corrigées", "Sales of corrected offers"): BLUE,
        T("Retours pour état", "Returns for condition"): BLUE,
        T("Remboursements", "Refunds"): PURPLE,
        T("Litiges", "Disputes"): RED,
        T("Taux de conversion", "Conversion rate"): BLUE,
        T(*SOURCE_OF_GRADE["assigned"]): BLUE,
        T(*SOURCE_OF_GRADE["reference"]): PURPLE,
        T(*SOURCE_OF_GRADE["verified"]): GREEN,
    },
)
