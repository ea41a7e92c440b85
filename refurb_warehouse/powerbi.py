"""Write the Power BI semantic model of folder powerbi/ from the KPI catalogue and dbt's manifest.

A measure is the formula of a KPI over columns of its mart: a quotient of sums, or a sum. What the
catalogue calls a rate is no column of the model, so nobody can add rates up or take their mean.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refurb_warehouse.errors import RefurbError

FOLDER = Path("powerbi")
MODEL = FOLDER / "Refurb.SemanticModel"
CATALOGUE = Path("seeds") / "reference" / "kpi_catalog.csv"

Node = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A table of the model: what it is called, where it comes from, what it is joined by."""

    name: str
    model: str
    folder: str = ""
    columns: tuple[str, ...] = ()
    joins: dict[str, str] = field(default_factory=dict)


SUPPLIER = {"supplier_id": "Fournisseurs"}
CATEGORY = {"category": "Catégories"}
TABLES = (
    Table(
        "Fournisseurs",
        "dim_suppliers",
        columns=("supplier_id", "supplier_name", "supplier_type", "country_code"),
    ),
    # categories have no table of their own: the partition keeps each once
    Table("Catégories", "dim_products", columns=("category",)),
    Table(
        "Calendrier",
        "dim_dates",
        columns=("date_day", "month_start_date", "is_mature_30d", "is_mature_365d", "as_of_date"),
    ),
    Table(
        "Défauts et retours",
        "mart_category_defects",
        "Qualité",
        joins=SUPPLIER | CATEGORY | {"order_month": "Calendrier"},
    ),
    Table("Satisfaction", "mart_supplier_satisfaction", "Satisfaction", joins=SUPPLIER),
    Table("Réparations par fournisseur", "mart_repair_efficiency", "Réparations", joins=SUPPLIER),
    Table("Réparations par catégorie", "mart_category_repairs", "Réparations", joins=CATEGORY),
    Table(
        "Budget",
        "mart_budget_impact",
        "Budget",
        joins=SUPPLIER | {"order_month": "Calendrier"},
    ),
    Table(
        "Réponses du SAV",
        "mart_service_response",
        "Service après-vente",
        joins={"contact_month": "Calendrier"},
    ),
    Table(
        "Demandes de retour",
        "mart_return_decisions",
        "Service après-vente",
        joins=SUPPLIER | CATEGORY | {"request_month": "Calendrier"},
    ),
    Table(
        "Notation",
        "mart_refurbisher_categories",
        "Notation",
        joins=SUPPLIER | CATEGORY,
    ),
    Table(
        "Fiche fournisseur",
        "mart_supplier_scorecard",
        columns=(
            "supplier_id",
            "verdict",
            "verdict_reason",
            "trend",
            "funnel_zone",
            "quality_rank",
            "is_rankable",
            "as_of_date",
        ),
        joins=SUPPLIER,
    ),
)
# Keys of the tables that others are joined to.
KEYS = {"Fournisseurs": "supplier_id", "Catégories": "category", "Calendrier": "date_day"}

TYPES = {
    "varchar": "string",
    "bigint": "int64",
    "integer": "int64",
    "double": "double",
    "date": "dateTime",
    "timestamp": "dateTime",
    "boolean": "boolean",
}
# Written as %, in the unit of the catalogue, or as they are.
FORMATS = {
    "ratio 0-1": "0.0 %",
    "ratio": "0.0 %",
    "EUR": '#,##0.00 "€"',
    "days": '0.0 "j"',
    "hours": '0.0 "h"',
    "points 1-5": "0.00",
    "1/day": "0.0000",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--target", type=Path, default=Path("target"), help="folder of dbt")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the model; files of an earlier one that are no longer made are removed."""
    made = files(read_manifest(arguments.target / "manifest.json"), read_catalogue(CATALOGUE))
    for old in (path for path in MODEL.rglob("*") if path.is_file()):
        if str(old.relative_to(FOLDER)) not in made:
            old.unlink()
    for name, text in made.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(made)} files in {FOLDER}")
    return 0


def read_manifest(path: Path) -> dict[str, Node]:
    """Models of dbt's manifest by name."""
    if not path.exists():
        raise RefurbError(f"{path} is absent: run dbt parse or make build first")
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model"}


def read_catalogue(path: Path) -> list[dict[str, str]]:
    """Rows of the KPI catalogue."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def files(models: dict[str, Node], catalogue: list[dict[str, str]]) -> dict[str, str]:
    """Every file of the model with its text."""
    definition = f"{MODEL.name}/definition"
    made = {
        f"{MODEL.name}/definition.pbism": json.dumps({"version": "4.2", "settings": {}}, indent=2)
        + "\n",
        f"{definition}/database.tmdl": "database\n\tcompatibilityLevel: 1567\n",
        f"{definition}/model.tmdl": _model(),
        f"{definition}/expressions.tmdl": EXPRESSIONS,
        f"{definition}/relationships.tmdl": _relationships(),
    }
    named: set[str] = set()
    for table in TABLES:
        text = _table(table, models[table.model], catalogue, named)
        made[f"{definition}/tables/{table.name}.tmdl"] = text
    return made


def columns_of(table: Table, model: Node, catalogue: list[dict[str, str]]) -> list[str]:
    """Columns of the model that the table has: those named, or all but what does not add up."""
    if table.columns:
        return list(table.columns)
    kpis = {row["column_name"] for row in catalogue if row["model_name"] == table.model}
    return [
        name
        for name, column in model["columns"].items()
        if name not in kpis - set(additive(model))
        and not _is_double_alone(name, column)
        and not name.startswith("market_")
    ]


def additive(model: Node) -> list[str]:
    """Columns whose values over groups may be added up: counts, amounts and sums of durations.

    Figures of the marketplace stand beside each supplier, and would count once for each.
    """
    return [
        name
        for name, column in model["columns"].items()
        if not name.startswith("market_")
        and (
            column["data_type"] == "bigint"
            or column["data_type"].startswith("decimal")
            or name.endswith("_sum")
        )
    ]


def dax(row: dict[str, str], table: Table, model: Node, catalogue: list[dict[str, str]]) -> str:
    """The formula of a KPI in DAX; empty where it is none of sums of the table."""
    sums = set(additive(model))
    if row["column_name"] in sums:
        return _sum(table, row["column_name"])
    formulas = {
        other["column_name"]: other["formula"]
        for other in catalogue
        if other["model_name"] == table.model
    }
    if quotient := re.fullmatch(r"(\w+) / (\w+)", row["formula"]):
        return _quotient(table, sums, *quotient.groups())
    if index := re.fullmatch(r"\(1 - (\w+)\) / (\w+)", row["formula"]):
        parts = [re.fullmatch(r"(\w+) / (\w+)", formulas.get(part, "")) for part in index.groups()]
        rate, mean = (_quotient(table, sums, *part.groups()) if part else "" for part in parts)
        if rate and mean:
            # 1 less nothing is 1 in DAX: an unknown rate must stay unknown
            return f"VAR Taux = {rate} RETURN IF(NOT ISBLANK(Taux), DIVIDE(1 - Taux, {mean}))"
    return ""


def _sum(table: Table, column: str) -> str:
    return f"SUM({_quoted(table.name, always=True)}[{column}])"


def _quotient(table: Table, sums: set[str], top: str, bottom: str) -> str:
    if not {top, bottom} <= sums:
        return ""
    return f"DIVIDE({_sum(table, top)}, {_sum(table, bottom)})"


def _is_double_alone(name: str, column: Node) -> bool:
    return column["data_type"] == "double" and not name.endswith("_sum")


def _table(table: Table, model: Node, catalogue: list[dict[str, str]], named: set[str]) -> str:
    lines = [*_described(model["description"], 0), f"table {_quoted(table.name)}"]
    lines += ["", *_measures(table, model, catalogue, named)] if table.folder else [""]
    sums = set(additive(model)) if table.folder else set()
    for name in columns_of(table, model, catalogue):
        column = model["columns"][name]
        kind = column["data_type"]
        lines += [*_described(column["description"], 1), f"\tcolumn {name}"]
        lines += [f"\t\tdataType: {TYPES.get(kind, 'decimal')}"]
        if KEYS.get(table.name) == name:
            lines.append("\t\tisKey")
        if name in table.joins:
            lines.append("\t\tisHidden")
        if kind == "date":
            lines.append("\t\tformatString: yyyy-mm-dd")
        lines += [f"\t\tsummarizeBy: {'sum' if name in sums else 'none'}"]
        lines += [f"\t\tsourceColumn: {name}", ""]
    return "\n".join([*lines, *_partition(table, model, catalogue)]) + "\n"


def _measures(
    table: Table, model: Node, catalogue: list[dict[str, str]], named: set[str]
) -> list[str]:
    """Measures of the KPIs of the mart; a KPI that an earlier table has is not repeated."""
    lines = []
    for row in catalogue:
        expression = dax(row, table, model, catalogue) if row["model_name"] == table.model else ""
        name = row["name_fr"]
        if not expression or name in named:
            continue
        named.add(name)
        text = f"{name} : {row['formula']} ({row['unit']}). {row['brief_source']}"
        lines += [*_described(text, 1), f"\tmeasure {_quoted(name)} = {expression}"]
        lines += [f"\t\tformatString: {FORMATS.get(row['unit'], '#,##0')}"]
        lines += [f"\t\tdisplayFolder: {table.folder}", ""]
    return lines


def _partition(table: Table, model: Node, catalogue: list[dict[str, str]]) -> list[str]:
    listed = ", ".join(f'"{name}"' for name in columns_of(table, model, catalogue))
    read = f'Lire("{model["schema"]}", "{table.model}")'
    chosen = f"Table.SelectColumns({read}, {{{listed}}})"
    if table.model == "dim_products":
        chosen = f"Table.Distinct({chosen})"
    name = _quoted(table.name)
    return [
        f"\tpartition {name} = m",
        "\t\tmode: import",
        "\t\tsource =",
        "\t\t\t\tlet",
        f"\t\t\t\t\tSource = {chosen}",
        "\t\t\t\tin",
        "\t\t\t\t\tSource",
    ]


def relationships() -> list[tuple[str, str, str, str]]:
    """From a column of a table to the key of another: many rows to one."""
    return [
        (table.name, column, target, KEYS[target])
        for table in TABLES
        for column, target in table.joins.items()
    ]


def _relationships() -> str:
    blocks = [
        f"relationship {_quoted(f'{source} {target}')}\n"
        f"\tfromColumn: {_quoted(source)}.{column}\n"
        f"\ttoColumn: {_quoted(target)}.{key}\n"
        for source, column, target, key in relationships()
    ]
    return "\n".join(blocks)


def _model() -> str:
    references = "\n".join(f"ref table {_quoted(table.name)}" for table in TABLES)
    return (
        "model Model\n\tculture: fr-FR\n\tdefaultPowerBIDataSourceVersion: powerBI_V3\n\n"
        f"{references}\n"
    )


def _described(text: str, depth: int) -> list[str]:
    return ["\t" * depth + f"/// {' '.join(text.split())}"]


def _quoted(name: str, always: bool = False) -> str:
    plain = re.fullmatch(r"\w+", name)
    return name if plain and not always else "'" + name.replace("'", "''") + "'"


_PARAMETER = 'meta [IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true'
EXPRESSIONS = (
    "/// PostgreSQL, ou Parquet pour les fichiers publiés\n"
    f'expression Origine = "PostgreSQL" {_PARAMETER}, List={{"PostgreSQL", "Parquet"}}]\n\n'
    "/// Serveur PostgreSQL et port\n"
    f'expression Serveur = "localhost:5432" {_PARAMETER}]\n\n'
    "/// Base PostgreSQL\n"
    f'expression Base = "refurb" {_PARAMETER}]\n\n'
    "/// Dossier published\\parquet\\current, sans barre oblique à la fin\n"
    f'expression Dossier = "C:\\published\\parquet\\current" {_PARAMETER}]\n\n'
    "/// Une table publiée\n"
    "expression Lire =\n"
    "\t\t(schema as text, nom as text) as table =>\n"
    "\t\t\tlet\n"
    '\t\t\t\tFichier = Dossier & "\\" & schema & "\\" & nom & ".parquet",\n'
    '\t\t\t\tResultat = if Origine = "Parquet" then\n'
    "\t\t\t\t\tParquet.Document(File.Contents(Fichier))\n"
    "\t\t\t\telse\n"
    "\t\t\t\t\tPostgreSQL.Database(Serveur, Base){[Schema=schema, Item=nom]}[Data]\n"
    "\t\t\tin\n"
    "\t\t\t\tResultat\n"
)
