"""A finished build, opened for reading: which file it is, and what can be wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from refurb_warehouse.errors import RefurbError

if TYPE_CHECKING:
    import duckdb

DEFAULT_DATABASE = "build/refurb.duckdb"


def database_file(given: Path | None = None) -> Path:
    """The file that is given, without one that of REFURB_DATABASE, without it the default."""
    return given or Path(os.environ.get("REFURB_DATABASE") or DEFAULT_DATABASE)


@contextmanager
def reading(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads the file; to ask for a table that it lacks is an error as well."""
    import duckdb

    if not database.is_file():
        raise RefurbError(f"{database} is not there: run make build first")
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            yield connection
    except duckdb.CatalogException as error:
        raise RefurbError(
            f"{database} does not hold a finished build: run make build first "
            f"({str(error).splitlines()[0]})"
        ) from error
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise RefurbError(
                f"{database} is locked: a build or another program is writing to it. "
                "Try again when it has ended."
            ) from error
        raise RefurbError(f"{database} cannot be read as a DuckDB file: {error}") from error
