"""From landed tables to files: dirt and format added, and put in place all at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.generate.dirt import Planted, dirty_select, quoted, text_columns
from refurb_warehouse.generate.tables import TABLES

TRUTH = "truth.json"
MEMORY_LIMIT = "256MB"
FORMAT_OPTIONS = {"csv": "format csv, header true", "parquet": "format parquet, compression zstd"}
KEPT_SUFFIXES = (".yml", ".yaml", ".md")


def open_engine(spill: Path) -> duckdb.DuckDBPyConnection:
    """What turns landed tables into others, in bounded memory."""
    return duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)})


def write_table(
    engine: duckdb.DuckDBPyConnection, landed: Path, path: Path, planted: Planted | None
) -> None:
    """Write one table, its dirty rows last; a landed file that is already as asked for is moved."""
    if planted is None and path.suffix == landed.suffix:
        landed.rename(path)
        return
    engine.execute(
        f"copy ({_table_select(engine, landed, planted)}) to {quoted(path)} "
        f"({FORMAT_OPTIONS[path.suffix.removeprefix('.')]})"
    )


def _table_select(engine: duckdb.DuckDBPyConnection, landed: Path, planted: Planted | None) -> str:
    if planted is None:
        return f"from {quoted(landed)}"
    as_text = text_columns(planted.faults, planted.table)
    columns = ", ".join(
        f"cast({name} as varchar) as {name}" if name in as_text else name
        for name in TABLES[planted.table]
    )
    dirty = dirty_select(engine, landed, planted)
    return f"select {columns} from {quoted(landed)} union all select * from ({dirty}) as dirty"


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of `folder` when the block succeeds.

    Documentation (.yml, .md, names with a leading dot) moves along; anything else that this
    command does not write is refused, and a failure leaves `folder` as it was.
    """
    _check_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    fresh.mkdir()
    try:
        yield fresh
        _swap(folder, fresh)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise RefurbError(f"--out {folder} is a file: give a folder")
    foreign = sorted(path.name for path in _entries(folder) if not _is_ours(path))
    if foreign:
        shown = ", ".join(foreign[:3])
        raise RefurbError(
            f"--out {folder} holds files that this command did not write ({shown}): "
            f"give an empty or new folder"
        )


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def _is_ours(path: Path) -> bool:
    is_table = path.stem in TABLES and path.suffix in (".csv", ".parquet")
    return path.is_file() and (is_table or path.name == TRUTH or _is_kept(path))


def _is_kept(path: Path) -> bool:
    return path.suffix in KEPT_SUFFIXES or path.name.startswith(".")


def _swap(folder: Path, fresh: Path) -> None:
    """Put the new folder in place; the old one goes only once the new one stands."""
    if not folder.exists():
        fresh.rename(folder)
        return
    for path in _entries(folder):
        if _is_kept(path):
            shutil.copy2(path, fresh / path.name)
    old = folder.with_name(f".{folder.name}.old-{os.getpid()}")
    folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old)
