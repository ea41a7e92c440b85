"""Data health: whether to trust the figures of the other pages, and what to do where not."""

from dashboards.declaration.charts import COUNT, GREY, big, table
from dashboards.declaration.labels import STATUS, words
from dashboards.declaration.model import Dashboard, Dataset, Dim, Filter, Metric, T, Tab
from dashboards.declaration.shared import (
    BUILD,
    GOOD_AND_BAD,
    STATUS_HEAD,
    both,
    coloured,
    ratio,
)

FINDINGS = Dataset(
    "build_findings",
    f"""
select
    coalesce(checks.name_fr, findings.finding_name) as name_fr,
    coalesce(checks.name_en, findings.finding_name) as name_en,
    case when findings.finding_type <> 'check' then findings.finding_name end as test_name,
    findings.source_table,
    {words("findings.outcome", STATUS, "status")},
    findings.measured_value, findings.threshold, findings.unit,
    findings.remedy_fr, findings.remedy_en
from health.build_findings as findings
left join reference.health_checks as checks
    on checks.check_name
    = case when findings.finding_type = 'check' then findings.finding_name
        else findings.finding_type end
""",
    (
        *both("name", "status", "remedy"), "test_name", "source_table", "measured_value",
        "threshold", "unit",
    ),
    "What the last build found wrong, and what to do.",
)  # fmt: skip

CHECKS = Dataset(
    "build_checks",
    f"""
select
    names.name_fr, names.name_en, checks.source_table,
    {words("checks.status", STATUS, "status")},
    case checks.status when 'fail' then 0 when 'warn' then 1 when 'pass' then 2 else 3 end
        as status_order,
    checks.measured_value, checks.threshold, checks.unit
from health.build_checks as checks
left join reference.health_checks as names on checks.check_name = names.check_name
""",
    (
        *both("name", "status"), "source_table", "status_order", "measured_value", "threshold",
        "unit",
    ),
    "Every check of the extracts.",
)  # fmt: skip

COVERAGE = Dataset(
    "source_coverage",
    """
select
    source_table,
    case when is_present then 'reçue' else 'absente' end as presence_fr,
    case when is_present then 'received' else 'absent' end as presence_en,
    raw_rows, staged_rows, rejected_rows,
    strftime(first_event_at, '%d/%m/%Y') as first_fr,
    strftime(first_event_at, '%Y-%m-%d') as first_en,
    strftime(last_event_at, '%d/%m/%Y') as last_fr,
    strftime(last_event_at, '%Y-%m-%d') as last_en
from health.source_coverage
""",
    (
        "source_table", *both("presence", "first", "last"), "raw_rows", "staged_rows",
        "rejected_rows",
    ),
    "Each extract: rows received, kept and rejected, first and last event.",
)  # fmt: skip

LOW_DAYS = Dataset(
    "low_volume_days",
    """
select
    source_table,
    strftime(event_date, '%d/%m/%Y') as date_fr,
    strftime(event_date, '%Y-%m-%d') as date_en,
    event_date, staged_rows, expected_rows
from health.low_volume_days
""",
    ("source_table", *both("date"), "event_date", "staged_rows", "expected_rows"),
    "Days with far fewer rows than usual.",
)

NAMES = Dataset(
    "health_checks",
    "select name_fr, name_en, unit, remedy_fr, remedy_en from reference.health_checks",
    (*both("name", "remedy"), "unit"),
    "What each check means and what to do.",
)

TABLE_HEAD = T("Extraction", "Extract")


def total(column: str, head: T) -> Metric:
    """Add up a column."""
    return Metric(column, f"sum({column})", head, COUNT)


PRESENCE_HEAD = T("Présence", "Presence")

HEALTH = Dashboard(
    "health",
    T("Santé des données", "Data health"),
    (
        Tab(
            T("Vue d'ensemble", "Overview"),
            (
                (
                    big("raw_rows", BUILD, total("raw_rows", T("Lignes reçues", "Rows received")),
                        T("Lignes reçues", "Rows received"), T("dans les extractions",
                                                              "in the extracts"), width=2),
                    big("rejected", BUILD,
                        Metric("rejected_share", ratio("rejected_rows", "raw_rows"),
                               T("Part rejetée", "Share rejected"), ".2%"),
                        T("Part rejetée", "Share rejected"),
                        T("des lignes reçues", "of rows received"), width=2),
                    big("present", BUILD, total("present_tables", T("Tables reçues",
                                                                    "Tables received")),
                        T("Tables reçues", "Tables received"),
                        T("extractions présentes", "extracts present"), width=2),
                    big("stale", BUILD, total("stale_tables", T("En retard", "Late")),
                        T("En retard", "Late"), T("extractions", "extracts"), width=2),
                    big("tests", BUILD, total("tests_passed", T("Tests réussis",
                                                               "Tests passed")),
                        T("Tests réussis", "Tests passed"), T("à la dernière construction",
                                                             "at the last build"), width=2),
                    big("failed", BUILD,
                        Metric("failed", "sum(tests_failed + checks_failed)",
                               T("Échecs", "Failures"), COUNT),
                        T("Échecs", "Failures"), T("tests et contrôles", "tests and checks"),
                        width=2),
                ),
                (
                    table("findings", FINDINGS,
                          T("À traiter, et comment", "To deal with, and how"), [
                        Dim("status_{lang}", STATUS_HEAD),
                        Dim("name_{lang}", T("Contrôle", "Check")),
                        Dim("source_table", TABLE_HEAD),
                        Dim("test_name", T("Test", "Test")),
                        Dim("measured_value", T("Mesuré", "Measured")),
                        Dim("threshold", T("Seuil", "Threshold")),
                        Dim("unit", T("Unité", "Unit")),
                        Dim("remedy_{lang}", T("Que faire", "What to do")),
                    ], colours=coloured(STATUS_HEAD, STATUS, GOOD_AND_BAD),
                          formats={T("Mesuré", "Measured"): ",.4~r",
                                   T("Seuil", "Threshold"): ",.4~r"},
                          may_be_empty=True, height=40),
                ),
                (
                    table("coverage", COVERAGE,
                          T("Ce qui est arrivé, table par table",
                            "What came in, table by table"), [
                        Dim("source_table", TABLE_HEAD),
                        Dim("presence_{lang}", PRESENCE_HEAD),
                        total("raw_rows", T("Reçues", "Received")),
                        total("staged_rows", T("Gardées", "Kept")),
                        total("rejected_rows", T("Rejetées", "Rejected")),
                        Metric("rejected_share", ratio("rejected_rows", "raw_rows"),
                               T("Part rejetée", "Share rejected"), ".2%"),
                        Dim("first_{lang}", T("Premier événement", "First event")),
                        Dim("last_{lang}", T("Dernier événement", "Last event")),
                    ], order=total("raw_rows", T("Reçues", "Received")), descending=True,
                          colours=[
                              {"column": PRESENCE_HEAD, "operator": "begins with",
                               "targetValue": T("absente", "absent"), "colorScheme": GREY,
                               "objectFormatting": "BACKGROUND_COLOR", "useGradient": False},
                          ], height=104, width=8),
                    table("low_days", LOW_DAYS,
                          T("Jours avec bien trop peu de lignes",
                            "Days with far too few rows"), [
                        Dim("source_table", TABLE_HEAD),
                        Dim("date_{lang}", T("Jour", "Day")),
                        total("staged_rows", T("Lignes", "Rows")),
                        Dim("expected_rows", T("Attendues", "Expected")),
                    ], order=Metric("latest", "max(event_date)", T("Jour", "Day")),
                          descending=True,
                          formats={T("Attendues", "Expected"): ",d"}, may_be_empty=True,
                          height=104, width=4),
                ),
            ),
        ),
        Tab(
            T("Contrôles", "Checks"),
            (
                (
                    table("checks", CHECKS, T("Tous les contrôles", "All checks"), [
                        Dim("status_{lang}", STATUS_HEAD),
                        Dim("name_{lang}", T("Contrôle", "Check")),
                        Dim("source_table", TABLE_HEAD),
                        Dim("measured_value", T("Mesuré", "Measured")),
                        Dim("threshold", T("Seuil", "Threshold")),
                        Dim("unit", T("Unité", "Unit")),
                    ], order=Metric("status_order", "min(status_order)", T("Ordre", "Order")),
                          colours=coloured(STATUS_HEAD, STATUS, GOOD_AND_BAD),
                          formats={T("Mesuré", "Measured"): ",.4~r",
                                   T("Seuil", "Threshold"): ",.4~r"},
                          page=25, height=110),
                ),
            ),
        ),
        Tab(
            T("Définitions", "Definitions"),
            (
                (
                    table("definitions", NAMES,
                          T("Ce que chaque contrôle veut dire", "What each check means"), [
                        Dim("name_{lang}", T("Contrôle", "Check")),
                        Dim("unit", T("Unité", "Unit")),
                        Dim("remedy_{lang}", T("Que faire", "What to do")),
                    ], height=60),
                ),
            ),
        ),
    ),
    (Filter("extract", TABLE_HEAD, COVERAGE, "source_table"),),
)  # fmt: skip
