"""Source files into DuckDB tables: every column as text, nothing guessed, nothing skipped."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import duckdb

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.importers.columns import quoted

# Not `parallel = false`: DuckDB 2.0 then ends at a quote that is never closed, without an error.
CSV_DIALECT = (
    "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
    "nullstr = '', strict_mode = true, null_padding = false"
)


def load_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, table: str, columns: Iterable[str]
) -> int:
    """Load a CSV file (UTF-8, commas, line breaks allowed inside quotes). Returns its rows."""
    header = csv_header(path)
    check_columns(path, header, columns)
    return load(
        connection,
        path,
        f"create table {table} as select * from read_csv($path, columns = $columns, {CSV_DIALECT})",
        table,
        {"path": str(path), "columns": dict.fromkeys(header, "varchar")},
    )


def load_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, table: str, columns: Iterable[str]
) -> int:
    """Load a Parquet file, its values written as text. Returns its rows."""
    names = {"path": str(path)}
    must_be_a_file(path)
    try:
        described = connection.execute("describe select * from read_parquet($path)", names)
        header = [row[0] for row in described.fetchall()]
    except duckdb.Error as error:
        raise unreadable(path, error) from error
    check_columns(path, header, columns)
    as_text = ", ".join(f"cast({quoted(name)} as varchar) as {quoted(name)}" for name in columns)
    return load(
        connection,
        path,
        f"create table {table} as select {as_text} from read_parquet($path)",
        table,
        names,
    )


def load(
    connection: duckdb.DuckDBPyConnection, path: Path, sql: str, table: str, names: dict
) -> int:
    """Create the table and count its rows; what DuckDB finds wrong is said with the file."""
    try:
        connection.execute(sql, names)
        return connection.execute(f"select count(*) from {table}").fetchall()[0][0]
    except duckdb.Error as error:
        raise unreadable(path, error) from error


def csv_header(path: Path) -> list[str]:
    """Column names of a CSV file, without the byte order mark and spaces around them."""
    must_be_a_file(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [name.strip() for name in next(csv.reader(file), [])]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise unreadable(path, error) from error


def must_be_a_file(path: Path) -> None:
    """Say which file is missing, and where it was looked for."""
    if not path.is_file():
        raise RefurbError(
            f"{path.name} is missing in {path.parent}. Put the file there, or name another path "
            "with --from."
        )


def check_columns(path: Path, header: list[str], columns: Iterable[str]) -> None:
    """Every column that the import reads must be there once."""
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise RefurbError(
            f"{path}: the columns are not separated by commas. Export it with commas."
        )
    for name in columns:
        if header.count(name) == 0:
            raise RefurbError(
                f"{path}: column '{name}' is missing; the file has {', '.join(header) or 'none'}. "
                "Export the file again with that column, named exactly so."
            )
    for name in header:
        if header.count(name) > 1:
            raise RefurbError(f"{path}: column '{name}' stands twice in the header. Keep one.")


def unreadable(path: Path, error: Exception) -> RefurbError:
    """A file that cannot be read, with what to do about it."""
    what = str(error).strip().splitlines()[0]
    if isinstance(error, UnicodeDecodeError) or "unicode" in what.lower() or "utf-8" in what:
        return RefurbError(f"{path}: not UTF-8 text ({what}). Save the file as UTF-8.")
    return RefurbError(
        f"{path}: cannot be read ({what}). Check that the file is complete and not damaged, "
        "or download it again."
    )
