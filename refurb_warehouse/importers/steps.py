"""The steps that every importer shares: run the SQL of its folder, write tables, report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from refurb_warehouse.importers.report import Report
from refurb_warehouse.importers.writing import REPORT, write_table


def sql(name: str) -> str:
    """Text of an SQL file of this package, named like 'olist/orders'."""
    return resources.files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def workbench() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database in memory: what was read is in `source`, what is derived in `work`."""
    with duckdb.connect() as connection:
        connection.execute("create schema source")
        connection.execute("create schema work")
        connection.execute(sql("local_to_utc"))
        yield connection


@contextmanager
def progress(total: int) -> Iterator[Progress]:
    """A progress bar on standard error, which counts steps; `advance` it with `step`."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        bar.add_task("starting", total=total)
        yield bar


def step(bar: Progress, what: str) -> None:
    """Say what is done now, and count it."""
    bar.update(bar.task_ids[0], description=what, advance=1)


def derive(connection: duckdb.DuckDBPyConnection, source: str, table: str) -> None:
    """Create the work table that an SQL file of the importer describes."""
    connection.execute(f"create table work.{table} as {sql(f'{source}/work_{table}')}")


def write_all(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    tables: Iterable[str],
    folder: Path,
    report: Report,
    bar: Progress,
) -> None:
    """Write every table of the importer, one SQL file each, and count its rows."""
    for table in tables:
        step(bar, f"writing {table}")
        report.written[table] = write_table(connection, sql(f"{source}/{table}"), table, folder)


def count(connection: duckdb.DuckDBPyConnection, source: str, name: str) -> dict[str, int]:
    """Counts that an SQL file takes, one row (what, rows) per line of the report, without zeros."""
    rows = connection.execute(sql(f"{source}/count_{name}")).fetchall()
    return {what: number for what, number in rows if number}


def keep(report: Report, folder: Path) -> None:
    """Leave the report beside the tables; it also marks the folder as one of an import."""
    (folder / REPORT).write_text(report.text(), encoding="utf-8")
