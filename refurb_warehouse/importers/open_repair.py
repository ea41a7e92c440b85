"""Open Repair Data (repairs by volunteers, CC BY-SA 4.0) as the raw table `open_repairs`.

A benchmark that is added to a folder of extracts: one file is written there, nothing else of the
folder is touched.

What the source does not say, and what was decided:

- Every `OpenRepairData_v*_*.csv` is the file of a provider, but the one of product categories.
- Brands are passed on as they were written; staging and core fold their spellings.
- A year of manufacture is four digits, from 1850 to the year of the event; an age is a number from
  0 on. Everything else ('????', 1015) is null and counted: neither 0 nor guessed.
- The labelled sets (`mobifix`, `compcat_laptops`, `tabicat`) name faults of repairs. Where a
  provider's file has the repair, it gets the label. The others are repairs of other providers or
  under identifiers of an earlier release, so they could be counted twice: they are written with
  the collection `fault_labels` and tell of faults alone. A labelled set that is not there is left
  out, and the report says so.
- Words of status and barrier are written in lower case with underscores ("Item too worn out" and
  "Too worn out" are one); a word that is not known is passed on and rejected.
- What people wrote of the problem, and which group held the event, is not imported: it is free
  text.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import duckdb

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.importers import steps
from refurb_warehouse.importers.columns import quoted
from refurb_warehouse.importers.reading import load_csv
from refurb_warehouse.importers.report import Report
from refurb_warehouse.importers.writing import placed_table

TABLE = "open_repairs"
REPAIRS = "OpenRepairData_v*_*.csv"
COLUMNS = (
    "id",
    "data_provider",
    "country",
    "product_category",
    "brand",
    "year_of_manufacture",
    "product_age",
    "repair_status",
    "repair_barrier_if_end_of_life",
    "event_date",
)
# The sets name the identifier and the age in two ways; one has no year, the others no age.
LABELS: Mapping[str, Mapping[str, str | None]] = {
    "mobifix.csv": {"repair_id": "id", "year_of_manufacture": None, "product_age": "age"},
    "compcat_laptops.csv": {"repair_id": "id_ords", "product_age": None},
    "tabicat.csv": {"repair_id": "id_ords", "product_age": None},
}
LABEL_COLUMNS = (
    "repair_id",
    "data_provider",
    "country",
    "product_category",
    "brand",
    "year_of_manufacture",
    "product_age",
    "repair_status",
    "fault_type",
    "event_date",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `import open-repair`."""
    parser.add_argument(
        "--from",
        dest="source_path",
        metavar="DIR",
        type=Path,
        required=True,
        help="folder with the CSV files of Open Repair Data",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        required=True,
        help=f"folder of raw tables; {TABLE}.parquet is added, or replaced by the new one",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Import, and print what was read, written and left out."""
    print(import_open_repair(arguments.source_path, arguments.out).text(), end="")


def import_open_repair(source_folder: Path, out: Path) -> Report:
    """Turn the files of a folder into the table `open_repairs` in `out`."""
    report = Report("Open Repair Data")
    files = provider_files(source_folder)
    with (
        placed_table(out, TABLE) as folder,
        steps.workbench() as connection,
        steps.progress(len(files) + len(LABELS) + 1) as bar,
    ):
        parts = []
        for file in files:
            steps.step(bar, f"reading {file.name}")
            part = f"source.repairs_{len(parts)}"
            report.read[file.name] = load_csv(connection, file, part, COLUMNS)
            parts.append(selected(part, {name: name for name in COLUMNS}))
        united(connection, "repairs", parts)
        parts = [f"({selected(None, dict.fromkeys(LABEL_COLUMNS))} limit 0)"]
        for file_name, names in LABELS.items():
            steps.step(bar, f"reading {file_name}")
            columns = {name: names.get(name, name) for name in LABEL_COLUMNS}
            if not (source_folder / file_name).is_file():
                report.remarks.append(f"{file_name} is not there: its labelled faults are missing.")
                continue
            part = f"source.labels_{len(parts)}"
            wanted = [name for name in columns.values() if name]
            report.read[file_name] = load_csv(connection, source_folder / file_name, part, wanted)
            parts.append(selected(part, columns))
        united(connection, "labels", parts)
        for table in ("rows", "repairs"):
            steps.derive(connection, "open_repair", table)
        steps.write_all(connection, "open_repair", [TABLE], folder, report, bar)
        report.noted = steps.count(connection, "open_repair", "noted")
        steps.keep(report, folder)
    return report


def provider_files(source_folder: Path) -> list[Path]:
    """The files of the providers, by name."""
    files = sorted(
        file
        for file in source_folder.glob(REPAIRS)
        if not file.stem.endswith("_Product_Categories")
    )
    if not files:
        raise RefurbError(
            f"{source_folder} holds no file like OpenRepairData_v0.3_RepairCafeWales_202507.csv. "
            "Put the files of the providers there, or name another folder with --from."
        )
    return files


def selected(table: str | None, columns: Mapping[str, str | None]) -> str:
    """A query for these columns, each under its name; one that the table lacks is null."""
    listed = ", ".join(
        f"{quoted(column) if column else 'cast(null as varchar)'} as {quoted(name)}"
        for name, column in columns.items()
    )
    return f"select {listed}{f' from {table}' if table else ''}"


def united(connection: duckdb.DuckDBPyConnection, table: str, parts: list[str]) -> None:
    """One table of several queries of the same columns."""
    connection.execute(f"create table source.{table} as {' union all '.join(parts)}")
