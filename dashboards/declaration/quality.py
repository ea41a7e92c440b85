"""Supplier and category quality."""

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
    DEFECT_TYPE,
    GRADE,
    TREND,
    VERDICT,
    ZONE,
    words,
)
from dashboards.declaration.model import Chart, Dashboard, Dataset, Dim, Metric, T, Tab
from dashboards.declaration.shared import (
    CATEGORY_DIM,
    CATEGORY_FILTER,
    CATEGORY_SUPPLIER_MONTHS,
    PERIOD_FILTER,
    SUPPLIER,
    SUPPLIER_DIM,
    SUPPLIER_FILTER,
    both,
    coloured,
    definitions,
)

MONTH = T("Mois de la commande", "Order month")

SCORECARD = Dataset(
    "supplier_scorecard",
    f"""
select
    {SUPPLIER} as supplier,
    {words("card.verdict", VERDICT, "verdict")},
    verdicts.reason_fr, verdicts.reason_en, verdicts.advice_fr, verdicts.advice_en,
    {words("card.trend", TREND, "trend")},
    card.quality_rank,
    coalesce(card.quality_rank, 100000) as display_order,
    card.is_rankable,
    card.ordered_units,
    card.defect_returned_units,
    card.expected_defect_units,
    card.defect_return_rate,
    -- bounds belong to their row: they are shown, and never added up
    case when card.is_rankable then card.observed_expected_ratio end as ratio,
    case when card.is_rankable then card.observed_expected_ratio_low end as ratio_low,
    case when card.is_rankable then card.observed_expected_ratio_high end as ratio_high,
    card.avg_rating,
    card.mean_lead_time_days,
    card.on_time_rate
from quality.mart_supplier_scorecard as card
left join core.dim_suppliers as suppliers on card.supplier_id = suppliers.supplier_id
left join reference.scorecard_verdicts as verdicts on card.verdict_reason = verdicts.verdict_reason
""",
    (
        "supplier", *both("verdict", "reason", "advice", "trend"), "quality_rank",
        "display_order", "is_rankable", "ordered_units", "defect_returned_units",
        "expected_defect_units", "defect_return_rate", "ratio", "ratio_low", "ratio_high",
        "avg_rating", "mean_lead_time_days", "on_time_rate",
    ),
    "The verdict on each supplier, over order months of at least 30 days.",
    grain=("supplier",),
)  # fmt: skip

FUNNEL = Dataset(
    "supplier_funnel",
    f"""
with placed as (
    select
        concat(coalesce(names.supplier_name, '?'), ' · ', funnel.supplier_id) as name,
        funnel.*,
        mix.expected_defect_units
    from quality.mart_supplier_funnel as funnel
    inner join quality.mart_supplier_mix_adjusted as mix on funnel.supplier_id = mix.supplier_id
    left join core.dim_suppliers as names on funnel.supplier_id = names.supplier_id
    where mix.expected_defect_units > 0
),

market as (
    select
        sum(expected_defect_units) / sum(ordered_units) as rate,
        1.1 * max(defect_returned_units / expected_defect_units) as tallest,
        max(overdispersion) as overdispersion,
        min(expected_defect_units) as least,
        max(expected_defect_units) as most
    from placed
),

steps as (
    select
        exp(ln(least) + (ln(most * 1.15) - ln(least)) * step / 150) as expected,
        sqrt(overdispersion * (1 - rate)) as spread,
        tallest
    from market
    cross join (select unnest(range(151)) as step) as counted
),

limits as (
    select 1.96 as z, 'limit_95' as zone
    union all
    select 3.09 as z, 'limit_99_8' as zone
)

select
    name,
    {
        words(
            "case when is_rankable then funnel_zone else 'unranked' end",
            ZONE | {"unranked": ("Données insuffisantes", "Not enough data")},
            "zone",
        )
    },
    expected_defect_units as expected,
    defect_returned_units as observed,
    ordered_units,
    defect_returned_units / expected_defect_units as ratio,
    2 as dot
from placed
union all
select
    concat(zone, ' ', side, ' ', cast(round(expected, 3) as varchar)) as name,
    {
        words(
            "zone",
            {
                "limit_95": ("Limite à 95 %", "95% limit"),
                "limit_99_8": ("Limite à 99,8 %", "99.8% limit"),
            },
            "zone",
        )
    },
    expected, null as observed, null as ordered_units,
    1 + side * z * spread / sqrt(expected) as ratio,
    0 as dot
from steps
cross join limits
cross join (select -1 as side union all select 1 as side) as sides
where 1 + side * z * spread / sqrt(expected) between 0 and tallest
""",
    ("name", *both("zone"), "expected", "observed", "ordered_units", "ratio", "dot"),
    "Suppliers between the control limits of their size; the limits are points of two curves.",
    grain=("name",),
)

COHORTS = Dataset(
    "order_cohorts",
    f"""
select
    {SUPPLIER} as supplier,
    cohorts.order_month,
    cohorts.ordered_units,
    cohorts.counted_units_30d, cohorts.developed_units_30d, cohorts.is_projection_30d,
    cohorts.counted_units_365d, cohorts.developed_units_365d, cohorts.is_projection_365d
from quality.mart_cohort_completion as cohorts
left join core.dim_suppliers as suppliers on cohorts.supplier_id = suppliers.supplier_id
""",
    (
        "supplier", "order_month", "ordered_units", "counted_units_30d", "developed_units_30d",
        "is_projection_30d", "counted_units_365d", "developed_units_365d", "is_projection_365d",
    ),
    "Returns of each order month so far, and what they will be after 30 and 365 days.",
    "order_month",
)  # fmt: skip

DEFECT_TYPES = Dataset(
    "defect_types",
    f"""
with types as (
    select distinct defect_type from quality.mart_defect_types
),

sold as (
    select category, supplier_id, sum(ordered_units) as ordered_units
    from quality.mart_category_defects
    group by category, supplier_id
)

select
    {SUPPLIER} as supplier,
    {words("sold.category", CATEGORY, "category")},
    {words("types.defect_type", DEFECT_TYPE, "defect_type")},
    sold.ordered_units,
    -- the extract is there, since it has types: no row of a type is no defect of it
    coalesce(defects.defective_units, 0) as defective_units
from sold
cross join types
left join quality.mart_defect_types as defects
    on sold.category = defects.category
    and sold.supplier_id = defects.supplier_id
    and types.defect_type = defects.defect_type
left join core.dim_suppliers as suppliers on sold.supplier_id = suppliers.supplier_id
""",
    ("supplier", *both("category", "defect_type"), "ordered_units", "defective_units"),
    "Confirmed defects by type, each beside all units that were sold.",
)

RELIABILITY = Dataset(
    "reliability",
    f"""
select
    dimension_name,
    dimension_value,
    {words("dimension_value", CATEGORY, "category")},
    cause,
    age_days,
    units_at_risk,
    failed_share,
    failed_share_low,
    failed_share_high
from quality.mart_reliability_curve
where dimension_name in ('marketplace', 'category', 'grade')
""",
    (
        "dimension_name", "dimension_value", *both("category"), "cause", "age_days",
        "units_at_risk", "failed_share", "failed_share_low", "failed_share_high",
    ),
    "Share of delivered units that has come back by age, with 95 % bounds.",
    grain=("dimension_name", "dimension_value", "cause", "age_days"),
)  # fmt: skip


def share(key: str, part: str, head: T) -> Metric:
    """Divide returned units by sold units."""
    return Metric(key, f"sum({part}) * 1.0 / nullif(sum(ordered_units), 0)", head, PERCENT)


RETURN_RATE = share("return_rate", "returned_units", T("Tous retours", "All returns"))
DEFECT_RATE = share("defect_return_rate", "defect_returned_units", T("Pour défaut", "For a defect"))
CONFIRMED_RATE = share(
    "confirmed_defect_rate", "confirmed_defect_units", T("Confirmés", "Confirmed")
)
MATURE = T("mois mûrs (365 jours)", "mature months (365 days)")


def verdict_count(code: str) -> Metric:
    """Count the suppliers with one verdict."""
    label = VERDICT[code][1]
    return Metric(
        f"suppliers_{code.replace(' ', '_')}",
        f"sum(case when verdict_en = '{label}' then 1 else 0 end)",
        T(*VERDICT[code]),
        COUNT,
    )


def cohorts(days: int) -> Chart:
    """Draw the rate of order months: grown-up ones, young ones, and what these will become."""
    young = f"is_projection_{days}d"
    counted, developed = f"counted_units_{days}d", f"developed_units_{days}d"

    def of(rows: str, part: str, whole: str) -> str:
        return (
            f"sum(case when {rows} then {part} end) * 1.0"
            f" / nullif(sum(case when {rows} then {whole} end), 0)"
        )

    return mixed(
        f"cohorts_{days}d",
        COHORTS,
        T(
            f"Retours dans les {days} jours, par mois de commande",
            f"Returns within {days} days, by order month",
        ),
        "order_month",
        (
            "bar",
            [
                Metric(
                    f"mature_{days}d",
                    of(f"not {young}", counted, "ordered_units"),
                    T("Mûr : définitif", "Mature: final"),
                    PERCENT,
                ),
                Metric(
                    f"so_far_{days}d",
                    of(young, counted, "ordered_units"),
                    T("Pas mûr : déjà revenu", "Not mature: so far"),
                    PERCENT,
                ),
            ],
            (),
            None,
        ),
        (
            "line",
            [
                Metric(
                    f"projected_{days}d",
                    of(young, counted, developed),
                    T("Pas mûr : projection", "Not mature: projection"),
                    PERCENT,
                )
            ],
            (),
            None,
        ),
        MONTH,
        T("Part des unités vendues", "Share of units sold"),
        more={"stack": "Stack", "stackB": None},
        caption=T(
            "Une commande récente n'a pas eu le temps de revenir : la barre grise n'est pas une"
            " baisse. La projection divise par les unités qui auraient déjà dû se montrer. Le"
            " filtre Catégorie n'agit pas ici.",
            "A recent order has not had time to come back: the grey bar is not a drop. The"
            " projection divides by the units that should have shown by now. The category filter"
            " does not apply here.",
        ),
        width=6,
        height=52,
    )


VERDICT_HEAD = T("Verdict", "Verdict")
CARD = table(
    "scorecard",
    SCORECARD,
    T(
        "Les fournisseurs, du plus sûrement mauvais au moins : verdict et borne basse",
        "Suppliers, the most surely bad first: verdict and lower bound",
    ),
    [
        SUPPLIER_DIM,
        Dim("verdict_{lang}", VERDICT_HEAD),
        Dim("quality_rank", T("Rang", "Rank")),
        Dim("ordered_units", T("Unités vendues", "Units sold")),
        Dim("defect_returned_units", T("Retours pour défaut", "Returns for a defect")),
        Dim("expected_defect_units", T("Attendus", "Expected")),
        Dim("ratio", T("Constaté / attendu", "Observed / expected")),
        Dim("ratio_low", T("Borne basse", "Lower bound")),
        Dim("ratio_high", T("Borne haute", "Upper bound")),
        Dim("trend_{lang}", T("Tendance", "Trend")),
        Dim("advice_{lang}", T("Que faire", "What to do")),
    ],
    order=Metric("display_order", "min(display_order)", T("Ordre", "Order")),
    colours=coloured(
        VERDICT_HEAD, VERDICT,
        {"act": RED, "watch": AMBER, "fine": GREEN, "not enough data": GREY},
    ),
    formats={
        T("Rang", "Rank"): "d",
        T("Unités vendues", "Units sold"): ",d",
        T("Retours pour défaut", "Returns for a defect"): ",d",
        T("Attendus", "Expected"): ",.1f",
        T("Constaté / attendu", "Observed / expected"): ".2f",
        T("Borne basse", "Lower bound"): ".2f",
        T("Borne haute", "Upper bound"): ".2f",
    },
    caption=T(
        "Mois de commande d'au moins 30 jours. Attendus : ce que les mêmes catégories et mois"
        " apportent ailleurs. Sans assez de données, ni rang ni rapport.",
        "Order months of at least 30 days. Expected: what the same categories and months bring"
        " elsewhere. Without enough data, neither rank nor ratio.",
    ),
    page=20,
    height=84,
)  # fmt: skip

FUNNEL_CHART = Chart(
    "funnel",
    FUNNEL,
    "bubble_v2",
    T(
        "Funnel plot : qui sort des limites de sa taille ?",
        "Funnel plot: who is outside the limits of its size?",
    ),
    {
        "adhoc_filters": [],
        "series": "zone_{lang}",
        "entity": "name",
        "x": Metric("expected", "max(expected)", T("Défauts attendus", "Expected defects"), ",.1f"),
        "y": Metric("ratio", "max(ratio)", T("Constatés / attendus", "Observed / expected"), ".2f"),
        "size": Metric("dot", "max(dot)", T("Point", "Dot")),
        "max_bubble_size": "5",
        "row_limit": 5000,
        "order_desc": True,
        "color_scheme": "supersetColors",
        "opacity": 0.85,
        "show_legend": True,
        "legendType": "scroll",
        "legendOrientation": "top",
        "logXAxis": True,
        "x_axis_label": T(
            "Retours pour défaut attendus (échelle logarithmique)",
            "Expected returns for a defect (log scale)",
        ),
        "x_axis_title_margin": 30,
        "y_axis_label": T("Constatés / attendus", "Observed / expected"),
        "y_axis_title_margin": 40,
        "xAxisFormat": ",.0f",
        "y_axis_format": ".1f",
        "tooltipSizeFormat": "d",
        "truncateXAxis": True,
        "y_axis_bounds": [0, None],
    },
    caption=T(
        "Un point par fournisseur ; à droite, ceux dont on attend le plus de défauts. 1 = autant"
        " que son assortiment en apporte ailleurs. Le hasard seul laisse les points entre les"
        " courbes. Tous les fournisseurs y sont, quels que soient les filtres.",
        "One dot per supplier; on the right, those with most expected defects. 1 = as many as its"
        " mix brings elsewhere. Chance alone leaves dots between the curves. All suppliers are"
        " shown, whatever the filters.",
    ),
    width=7,
    height=66,
)

HEATMAP = Chart(
    "defect_types",
    DEFECT_TYPES,
    "heatmap_v2",
    T(
        "Quels défauts dans quelle catégorie ? (unités en défaut pour 100 vendues)",
        "Which defects in which category? (defective units per 100 sold)",
    ),
    {
        "adhoc_filters": [],
        "x_axis": Dim("defect_type_{lang}", T("Type de défaut", "Defect type")),
        "groupby": CATEGORY_DIM,
        "metric": Metric(
            "defect_type_rate",
            "sum(defective_units) * 1.0 / nullif(sum(ordered_units), 0)",
            T("Part des unités", "Share of units"),
            ".1%",
        ),
        "row_limit": 5000,
        "sort_x_axis": "alpha_asc",
        "sort_y_axis": "alpha_desc",
        "normalize_across": "heatmap",
        "linear_color_scheme": "schemeOranges",
        "legend_type": "continuous",
        "show_legend": True,
        "show_values": True,
        "show_percentage": False,
        "value_bounds": [None, None],
        "y_axis_format": ".1%",
        "xscale_interval": 1,
        "yscale_interval": 1,
        "left_margin": 140,
        "bottom_margin": 60,
        "x_axis_time_format": "%b %Y",
    },
    caption=T(
        "Défauts confirmés, tous mois de commande. Les mois récents n'ont pas encore montré tous"
        " leurs défauts : comparer les cases entre elles.",
        "Confirmed defects, all order months. Recent months have not shown all of theirs yet:"
        " compare the cells with each other.",
    ),
    width=12,
    height=66,
)


def curve(key: str, title: T, lines: dict[T, str], caption: T) -> Chart:
    """Draw shares of units come back by age, each with its band of 95 %."""
    metrics = []
    for head, rows in lines.items():
        for suffix, column in (
            ("", "failed_share"),
            ("__yhat_lower", "failed_share_low"),
            ("__yhat_upper", "failed_share_high"),
        ):
            name = T(head.fr + suffix, head.en + suffix)
            metrics.append(
                Metric(
                    f"{column}_{head.en}", f"max(case when {rows} then {column} end)", name, PERCENT
                )
            )
    return series(
        key,
        RELIABILITY,
        "line",
        title,
        "age_days",
        metrics,
        T("Âge de l'appareil (jours)", "Age of the device (days)"),
        T("Part revenue", "Share come back"),
        where="age_days <= 730",
        more={"xAxisForceCategorical": True, "x_axis_number_format": "d"},
        caption=caption,
        width=6,
        height=56,
    )


BAND = T(
    "La bande est l'intervalle à 95 % : plus elle est large, moins on sait.",
    "The band is the 95% interval: the wider it is, the less is known.",
)
CURVES = (
    curve(
        "reliability_market",
        T("Fiabilité : part des appareils revenus selon l'âge", "Reliability: share back by age"),
        {
            T("Toutes causes", "Any cause"): "dimension_name = 'marketplace' and cause = 'any'",
            T("Pour défaut", "For a defect"): (
                "dimension_name = 'marketplace' and cause = 'defect'"
            ),
        },
        BAND,
    ),
    curve(
        "reliability_grade",
        T("Fiabilité par note annoncée (retours pour défaut)", "Reliability by grade (defects)"),
        {
            T(*GRADE[grade]): (
                f"dimension_name = 'grade' and dimension_value = '{grade}' and cause = 'defect'"
            )
            for grade in ("fair", "very_good", "perfect")
        },
        BAND,
    ),
)


def at_age(days: int, column: str, head: T) -> Metric:
    """Read a share at one age."""
    return Metric(
        f"{column}_{days}",
        f"max(case when age_days = {days} then {column} end)",
        head,
        PERCENT,
    )


RELIABILITY_TABLE = table(
    "reliability_category",
    RELIABILITY,
    T(
        "Part des appareils revenus pour défaut, selon l'âge et la catégorie",
        "Share of devices back for a defect, by age and category",
    ),
    [
        CATEGORY_DIM,
        at_age(30, "failed_share", T("À 30 jours", "At 30 days")),
        at_age(90, "failed_share", T("À 90 jours", "At 90 days")),
        at_age(360, "failed_share", T("À 360 jours", "At 360 days")),
        at_age(360, "failed_share_low", T("360 j. : borne basse", "360 d: lower bound")),
        at_age(360, "failed_share_high", T("360 j. : borne haute", "360 d: upper bound")),
    ],
    where="dimension_name = 'category' and cause = 'defect'",
    order=Metric(
        "failed_share_360",
        "max(case when age_days = 360 then failed_share end)",
        T("À 360 jours", "At 360 days"),
    ),
    descending=True,
    height=60,
    width=12,
)

BY_CATEGORY = series(
    "category_rates",
    CATEGORY_SUPPLIER_MONTHS,
    "bar",
    T(
        "Taux par catégorie, mois mûrs (365 jours écoulés)",
        "Rates by category, mature months (365 days passed)",
    ),
    CATEGORY_DIM,
    [RETURN_RATE, DEFECT_RATE, CONFIRMED_RATE],
    T("", ""),
    T("Part des unités vendues", "Share of units sold"),
    where="is_mature_365d",
    horizontal=True,
    sort=T("Tous retours", "All returns"),
    width=5,
    height=66,
)

BOARD_TABS = (
    Tab(
        T("Vue d'ensemble", "Overview"),
        (
            (
                big("act", SCORECARD, verdict_count("act"), T("Agir", "Act"),
                    T("fournisseurs", "suppliers"), width=2),
                big("watch", SCORECARD, verdict_count("watch"), T("Surveiller", "Watch"),
                    T("fournisseurs", "suppliers"), width=2),
                big("unjudged", SCORECARD, verdict_count("not enough data"),
                    T("Non classés", "Not ranked"),
                    T("données insuffisantes", "not enough data"), width=2),
                big("return_rate", CATEGORY_SUPPLIER_MONTHS, RETURN_RATE,
                    T("Taux de retour", "Return rate"), MATURE, where="is_mature_365d", width=2),
                big("defect_rate", CATEGORY_SUPPLIER_MONTHS, DEFECT_RATE,
                    T("Pour défaut", "For a defect"), MATURE,
                    where="is_mature_365d", width=2),
                big("confirmed_rate", CATEGORY_SUPPLIER_MONTHS, CONFIRMED_RATE,
                    T("Défauts confirmés", "Confirmed defects"), MATURE,
                    where="is_mature_365d", width=2),
            ),
            (
                FUNNEL_CHART,
                BY_CATEGORY,
            ),
            (CARD,),
        ),
    ),
    Tab(
        T("Mois et fiabilité", "Months and reliability"),
        ((cohorts(365), cohorts(30)), CURVES),
    ),
    Tab(T("Catégories et défauts", "Categories and defects"), ((HEATMAP,), (RELIABILITY_TABLE,))),
)  # fmt: skip

_TABLES = sorted(
    {
        table
        for tab in BOARD_TABS
        for row in tab.rows
        for part in row
        if isinstance(part, Chart)
        for table in part.dataset.tables
    }
)

QUALITY = Dashboard(
    "quality",
    T("Qualité des fournisseurs et des catégories", "Supplier and category quality"),
    (*BOARD_TABS, definitions("quality", _TABLES)),
    (SUPPLIER_FILTER, CATEGORY_FILTER, PERIOD_FILTER),
    {
        T("Mûr : définitif", "Mature: final"): BLUE,
        T("Pas mûr : déjà revenu", "Not mature: so far"): GREY,
        T("Pas mûr : projection", "Not mature: projection"): PURPLE,
        T(*ZONE["above_99_8"]): RED,
        T(*ZONE["above_95"]): AMBER,
        T(*ZONE["inside"]): BLUE,
        T(*ZONE["below_95"]): GREEN,
        T("Données insuffisantes", "Not enough data"): GREY,
        T("Limite à 95 %", "95% limit"): "#c3c9d0",
        T("Limite à 99,8 %", "99.8% limit"): "#7d8894",
        T("Tous retours", "All returns"): LIGHT_BLUE,
        T("Confirmés", "Confirmed"): DARK,
        T("Toutes causes", "Any cause"): LIGHT_BLUE,
        T("Pour défaut", "For a defect"): BLUE,
        **{
            T(head.fr + suffix, head.en + suffix): colour
            for head, colour in (
                (T("Toutes causes", "Any cause"), LIGHT_BLUE),
                (T("Pour défaut", "For a defect"), BLUE),
                (T(*GRADE["fair"]), AMBER),
                (T(*GRADE["very_good"]), BLUE),
                (T(*GRADE["perfect"]), GREEN),
            )
            for suffix in ("__yhat_lower", "__yhat_upper")
        },
        T(*GRADE["fair"]): AMBER,
        T(*GRADE["very_good"]): BLUE,
        T(*GRADE["perfect"]): GREEN,
    },
)
