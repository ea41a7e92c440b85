"""What several dashboards use: columns, filters, definitions, the head of the page."""

from dashboards.declaration.charts import AMBER, GREEN, GREY, RED, table
from dashboards.declaration.labels import CATEGORY, STATUS, words
from dashboards.declaration.model import Dataset, Dim, Filter, T, Tab

# Display names repeat, identifiers do not.
SUPPLIER = "concat(coalesce(suppliers.supplier_name, '?'), ' · ', suppliers.supplier_id)"
BOTH_ENDS = ("fr", "en")


def both(*names: str) -> tuple[str, ...]:
    """Name the columns that exist once per language."""
    return tuple(f"{name}_{language}" for name in names for language in BOTH_ENDS)


def ratio(parts: str, whole: str) -> str:
    """Divide sums: the only way that a rate is made of additive columns."""
    return f"sum({parts}) * 1.0 / nullif(sum({whole}), 0)"


def coloured(head: T, values: dict[str, tuple], colours: dict[str, str]) -> list[dict]:
    """Colour the cells of a text column by what they say."""
    return [
        {
            "column": head,
            "operator": "begins with",
            "targetValue": T(*values[code]),
            "colorScheme": colour,
            "objectFormatting": "BACKGROUND_COLOR",
            "useGradient": False,
        }
        for code, colour in colours.items()
    ]


SUPPLIER_HEAD = T("Fournisseur", "Supplier")
SUPPLIER_DIM = Dim("supplier", SUPPLIER_HEAD)
CATEGORY_HEAD = T("Catégorie", "Category")
CATEGORY_DIM = Dim("category_{lang}", CATEGORY_HEAD)

CATEGORY_SUPPLIER_MONTHS = Dataset(
    "quality_months",
    f"""
select
    {SUPPLIER} as supplier,
    {words("defects.category", CATEGORY, "category")},
    defects.order_month,
    defects.ordered_units,
    defects.returned_units,
    defects.defect_returned_units,
    defects.confirmed_defect_units,
    defects.transit_damaged_units,
    defects.is_mature_30d,
    defects.is_mature_365d
from quality.mart_category_defects as defects
left join core.dim_suppliers as suppliers on defects.supplier_id = suppliers.supplier_id
""",
    (
        "supplier", *both("category"), "order_month", "ordered_units", "returned_units",
        "defect_returned_units", "confirmed_defect_units", "transit_damaged_units",
        "is_mature_30d", "is_mature_365d",
    ),
    "Units and returns by category, supplier and order month.",
    "order_month",
)  # fmt: skip

SUPPLIER_FILTER = Filter("supplier", SUPPLIER_HEAD, CATEGORY_SUPPLIER_MONTHS, "supplier")
CATEGORY_FILTER = Filter("category", CATEGORY_HEAD, CATEGORY_SUPPLIER_MONTHS, "category_{lang}")
PERIOD_FILTER = Filter("period", T("Période", "Period"))

BUILD = Dataset(
    "build_health",
    f"""
select
    as_of_date,
    strftime(as_of_date, '%d/%m/%Y') as as_of_fr,
    strftime(as_of_date, '%Y-%m-%d') as as_of_en,
    strftime(built_at, '%d/%m/%Y %H:%M') as built_fr,
    strftime(built_at, '%Y-%m-%d %H:%M') as built_en,
    {words("build_status", STATUS, "status")},
    raw_rows, staged_rows, rejected_rows, present_tables, absent_tables, stale_tables,
    checks_run, checks_warned, checks_failed, tests_run, tests_passed, tests_warned, tests_failed
from health.build_health
""",
    (
        "as_of_date", *both("as_of", "built", "status"), "raw_rows", "staged_rows",
        "rejected_rows", "present_tables", "absent_tables", "stale_tables", "checks_run",
        "checks_warned", "checks_failed", "tests_run", "tests_passed", "tests_warned",
        "tests_failed",
    ),
    "The last build: its date, its state, its rows and its tests.",
)  # fmt: skip

STATUS_HEAD = T("État", "State")
GOOD_AND_BAD = {
    "passed": GREEN, "pass": GREEN, "warned": AMBER, "failed": RED, "error": RED,
    "not_judged": GREY,
}  # fmt: skip
HEADER = table(
    "header",
    BUILD,
    T("État des données", "State of the data"),
    [
        Dim("as_of_{lang}", T("Données au", "Data as of")),
        Dim("status_{lang}", STATUS_HEAD),
        Dim("built_{lang}", T("Construit le (UTC)", "Built at (UTC)")),
        Dim("raw_rows", T("Lignes reçues", "Rows received")),
        Dim("rejected_rows", T("Rejetées", "Rejected")),
    ],
    colours=coloured(STATUS_HEAD, STATUS, GOOD_AND_BAD),
    formats={T("Lignes reçues", "Rows received"): ",d", T("Rejetées", "Rejected"): ",d"},
    width=6,
    height=18,
)


def definitions(key: str, tables: list[str]) -> Tab:
    """Make the tab that defines the indicators of the tables of a dashboard."""
    models = ", ".join(f"'{one.split('.')[1]}'" for one in sorted(tables))
    dataset = Dataset(
        f"definitions_{key}",
        f"""
select name_fr, name_en, formula, unit, grain, model_name, column_name, brief_source
from reference.kpi_catalog
where model_name in ({models})
""",
        (*both("name"), "formula", "unit", "grain", "model_name", "column_name", "brief_source"),
        "The indicators of the dashboard, from the catalogue.",
    )
    chart = table(
        "definitions",
        dataset,
        T("Définitions des indicateurs", "Definitions of the indicators"),
        [
            Dim("name_{lang}", T("Indicateur", "Indicator")),
            Dim("formula", T("Formule (colonnes de l'entrepôt)", "Formula (warehouse columns)")),
            Dim("unit", T("Unité", "Unit")),
            Dim("grain", T("Une valeur par", "One value per")),
            Dim("concat(model_name, '.', column_name)", T("Où elle est", "Where it is")),
        ],
        page=20,
        height=90,
    )
    return Tab(T("Définitions", "Definitions"), ((chart,),))
