"""The supplier scorecard as an Excel workbook, for those who work in one."""

from __future__ import annotations

from pathlib import Path

import duckdb
import xlsxwriter

from refurb_warehouse.publishing.contents import Relation, Version

SCORECARD = "quality.mart_supplier_scorecard"
# French heads of columns that are no KPI of the catalogue.
FRENCH = {
    "supplier_id": "Identifiant du fournisseur",
    "supplier_name": "Fournisseur",
    "supplier_type": "Type",
    "verdict": "Verdict",
    "verdict_reason": "Raison du verdict",
    "trend": "Évolution",
    "funnel_zone": "Place dans l'entonnoir",
    "ordered_units": "Unités commandées",
    "returned_units": "Unités retournées",
    "defect_returned_units": "Unités retournées pour défaut",
    "confirmed_defect_units": "Unités au défaut confirmé",
    "expected_defect_units": "Défauts attendus",
    "funnel_z": "Écart en erreurs types",
    "quality_rank": "Rang",
    "probability_above_target": "Probabilité de dépasser la cible",
    "leave_one_out_ratio": "Rapport sans ses propres unités",
    "defect_return_30d_delta_points": "Évolution des défauts précoces (points)",
    "mean_lead_time_days": "Délai moyen (jours)",
    "open_cases": "Dossiers ouverts",
    "is_rankable": "Assez d'unités",
    "as_of_date": "Données au",
}
BOUNDS = {"_low": ("lower 95 %", "borne basse 95 %"), "_high": ("upper 95 %", "borne haute 95 %")}


def write_workbook(
    file: Path, source: duckdb.DuckDBPyConnection, scorecard: Relation, version: Version
) -> None:
    """Write the scorecard, what its verdicts mean, and where it comes from."""
    names = kpi_names(source, scorecard)
    with xlsxwriter.Workbook(str(file), {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": "Supplier scorecard", "comments": version.version})
        _write_scorecard(book, source, scorecard, names)
        _write_rows(
            book,
            "Verdicts",
            ("Reason", "Verdict", "Verdict (fr)", "What it means", "Ce qu'il veut dire",
             "What to do", "Que faire"),
            source.execute(
                "select verdict_reason, verdict, verdict_fr, reason_en, reason_fr, advice_en, "
                "advice_fr from reference.scorecard_verdicts"
            ).fetchall(),
            (26, 16, 20, 60, 60, 60, 60),
        )  # fmt: skip
        _write_rows(
            book,
            "Columns",
            ("Column", "Name", "Nom", "Description"),
            [
                (column.name, *names[column.name], column.comment or "")
                for column in scorecard.columns
            ],
            (32, 40, 46, 100),
        )
        _write_rows(
            book,
            "Source",
            ("What", "Value"),
            [
                ("Version", version.version),
                ("Published at (UTC)", f"{version.published_at:%Y-%m-%d %H:%M:%S}"),
                ("Data up to", str(version.as_of_date)),
                ("Build", version.build_status),
                ("Table", SCORECARD),
            ],
            (24, 40),
        )


def kpi_names(source: duckdb.DuckDBPyConnection, scorecard: Relation) -> dict[str, tuple[str, str]]:
    """English and French name of each column: from the catalogue, or else from its own name."""
    # A rate is in many models, and in some under a name of its own.
    catalogued = {
        column: (english, french)
        for column, english, french in source.execute(
            "select column_name, name_en, name_fr from reference.kpi_catalog "
            "order by model_name = ?, kpi_id = column_name, model_name",
            [scorecard.name],
        ).fetchall()
    }
    names = {}
    for column in scorecard.columns:
        base, ending = column.name, ""
        for each in BOUNDS:
            if column.name.endswith(each):
                base, ending = column.name.removesuffix(each), each
        words = base.removeprefix("is_").replace("_", " ")
        english, french = catalogued.get(
            base, (words[0].upper() + words[1:], FRENCH.get(base, words))
        )
        if ending:
            english, french = (
                f"{name}, {bound}"
                for name, bound in zip((english, french), BOUNDS[ending], strict=True)
            )
        names[column.name] = (english, french)
    return names


def _write_scorecard(
    book: xlsxwriter.Workbook,
    source: duckdb.DuckDBPyConnection,
    scorecard: Relation,
    names: dict[str, tuple[str, str]],
) -> None:
    sheet = book.add_worksheet("Scorecard")
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    rows = source.execute(
        f"select * from ({scorecard.query}) as scorecard "
        "order by quality_rank nulls last, supplier_id"
    ).fetchall()
    for number, column in enumerate(scorecard.columns):
        # French above English: the two rows stay in sight while the rest moves.
        sheet.write_string(0, number, names[column.name][1], head)
        sheet.write_string(1, number, names[column.name][0], head)
        if column.comment:
            sheet.write_comment(1, number, column.comment, {"x_scale": 2})
        width = 24 if column.name == "supplier_name" else 14
        sheet.set_column(number, number, width, _format(book, column.name, column.data_type))
    for line, row in enumerate(rows, start=2):
        for number, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, str):
                # A name that begins with = is a name, not a formula.
                sheet.write_string(line, number, value)
            else:
                sheet.write(line, number, value, _format(
                    book, scorecard.columns[number].name, scorecard.columns[number].data_type
                ))  # fmt: skip
    sheet.freeze_panes(2, 2)
    if rows:
        sheet.autofilter(1, 0, len(rows) + 1, len(scorecard.columns) - 1)
        verdict = [column.name for column in scorecard.columns].index("verdict")
        for word, colour in (("act", "#F4B6B0"), ("watch", "#FBE3A4"), ("fine", "#CBE5C8")):
            sheet.conditional_format(2, verdict, len(rows) + 1, verdict, {
                "type": "cell", "criteria": "==", "value": f'"{word}"',
                "format": book.add_format({"bg_color": colour}),
            })  # fmt: skip


_FORMATS: dict[tuple[int, str], object] = {}


def _format(book: xlsxwriter.Workbook, column: str, data_type: str) -> object:
    code = number_format(column, data_type)
    return _FORMATS.setdefault((id(book), code), book.add_format({"num_format": code}))


def number_format(column: str, data_type: str) -> str:
    """How a spreadsheet shows the column: shares in per cent, points with a sign, units whole."""
    base = column.removesuffix("_low").removesuffix("_high")
    if data_type == "DATE":
        return "yyyy-mm-dd"
    if data_type in ("BIGINT", "INTEGER"):
        return "#,##0"
    if data_type == "BOOLEAN" or data_type == "VARCHAR":
        return "General"
    if base.endswith("_delta_points"):
        return "+0.0%;-0.0%;0.0%"
    if base.endswith("_rate") or base.startswith("probability"):
        return "0.0%"
    return "#,##0.0" if base.endswith(("_units", "_days")) else "0.00"


def _write_rows(
    book: xlsxwriter.Workbook,
    name: str,
    head: tuple[str, ...],
    rows: list[tuple],
    widths: tuple[int, ...],
) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width, wrapped)
        sheet.write_string(0, number, head[number], bold)
    for line, row in enumerate(rows, start=1):
        for number, value in enumerate(row):
            sheet.write_string(line, number, "" if value is None else str(value), wrapped)
    sheet.freeze_panes(1, 0)
