"""Tables of the raw contract as Parquet files, in a folder that appears whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import duckdb

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.importers.columns import contract_type, loses_nothing, quoted

REPORT = "import_report.txt"
TABLE_REPORT = "{table}_import_report.txt"
REPORT_TITLE = "Refurb Warehouse import"
WRITTEN_BY = "written_by"


def write_table(
    connection: duckdb.DuckDBPyConnection, select: str, table: str, folder: Path
) -> int:
    """Write the rows of a query as <table>.parquet, sorted, in the types of the contract.

    A column with a value that does not fit its type is written as text as a whole: staging then
    rejects that row and shows the value, where a cast would have lost it. Returns the rows.
    """
    connection.execute(f"create or replace temp table written as {select}")
    described = connection.execute("describe written").fetchall()
    columns = [row[0] for row in described]
    fitting = ", ".join(f"bool_and({loses_nothing(column)})" for column in columns)
    *fits, rows = connection.execute(f"select {fitting}, count(*) from written").fetchall()[0]
    typed = ", ".join(
        f"cast({quoted(column)} as {'varchar' if fit is False else contract_type(column)}) "
        f"as {quoted(column)}"
        for column, fit in zip(columns, fits, strict=True)
    )
    connection.execute(
        f"copy (select {typed} from written order by all) to $file "
        f"(format parquet, compression zstd, kv_metadata {{{WRITTEN_BY}: '{REPORT_TITLE}'}})",
        {"file": str(folder / f"{table}.parquet")},
    )
    connection.execute("drop table written")
    return rows


@contextmanager
def replaced_folder(out: Path) -> Iterator[Path]:
    """A new folder beside `out` to write into; it takes the place of `out` when all went well."""
    out = out.expanduser().resolve()
    refuse_foreign_files(out)
    fresh = out.with_name(f".{out.name}.{uuid4().hex[:8]}.new")
    try:
        fresh.mkdir(parents=True)
        yield fresh
        refuse_foreign_files(out)
        swap_in(fresh, out)
    except (OSError, duckdb.IOException) as error:
        raise RefurbError(
            f"{out} cannot be written ({error}). Choose another folder with --out, or free space."
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def placed_table(out: Path, table: str) -> Iterator[Path]:
    """A folder to write one table and its report into; both move to `out` when all went well.

    Other files of `out` are those of the user or of another import, and stay as they are.
    """
    out = out.expanduser().resolve()
    refuse_foreign_table(out, table)
    fresh = out.with_name(f".{out.name}.{uuid4().hex[:8]}.new")
    try:
        fresh.mkdir(parents=True)
        yield fresh
        refuse_foreign_table(out, table)
        out.mkdir(exist_ok=True)
        (fresh / f"{table}.parquet").replace(out / f"{table}.parquet")
        (fresh / REPORT).replace(out / TABLE_REPORT.format(table=table))
    except (OSError, duckdb.IOException) as error:
        raise RefurbError(
            f"{out} cannot be written ({error}). Choose another folder with --out, or free space."
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def refuse_foreign_table(out: Path, table: str) -> None:
    """Replace a file of the table only when an earlier import wrote it."""
    if out.exists() and not out.is_dir():
        raise RefurbError(f"{out} is a file. Name a folder with --out.")
    for file in (out / f"{table}.csv", out / f"{table}.parquet"):
        if file.exists() and not is_of_an_import(file):
            raise RefurbError(
                f"{file} was not written by an import, so it is not replaced. Move it away, or "
                "name another folder with --out."
            )


def refuse_foreign_files(out: Path) -> None:
    """Replace only nothing, an empty folder, or what an earlier import wrote."""
    if not out.exists():
        return
    if not out.is_dir():
        raise RefurbError(f"{out} is a file. Name a folder with --out.")
    foreign = sorted(path.name for path in out.iterdir() if not is_of_an_import(path))
    if foreign:
        raise RefurbError(
            f"{out} holds files that no earlier import wrote ({', '.join(foreign[:3])}), so it is "
            "not replaced. Name a new folder with --out, or empty this one yourself."
        )


def is_of_an_import(path: Path) -> bool:
    """True for the report of an import, and for a table that says it was written by one."""
    if path.name == REPORT:
        return path.read_text(encoding="utf-8", errors="replace").startswith(REPORT_TITLE)
    if path.suffix != ".parquet":
        return False
    try:
        with duckdb.connect() as connection:
            found = connection.execute(
                "select decode(value) from parquet_kv_metadata($file) where decode(key) = $key",
                {"file": str(path), "key": WRITTEN_BY},
            ).fetchall()
    except duckdb.Error:
        return False
    return found == [(REPORT_TITLE,)]


def swap_in(fresh: Path, out: Path) -> None:
    """Put the fresh folder in the place of the old one; put the old one back if that fails."""
    old = fresh.with_suffix(".old")
    had_one = out.exists()
    if had_one:
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if had_one:
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
