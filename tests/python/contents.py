"""What a database holds, as one hash for each table and view, to tell whether two are the same."""

from __future__ import annotations

from pathlib import Path

import duckdb

# Columns that tell of the build and not of the extracts, by table.
ABOUT_THE_BUILD: dict[str, set[str]] = {
    "landing.raw_files": {"file_name"},
    "staging.stg_landing__raw_files": {"file_name"},
    "health.delivery_history": {"recorded_at"},
    # the age of the extracts grows while one looks
    "health.build_checks": {"measured_value"},
}
# The log of dbt's runs and what is read from it: no two builds have the same.
LOG_OF_BUILDS = {
    "health.dbt_runs",
    "health.dbt_results",
    "health.build_inputs",
    "health.node_outcomes",
    "health.build_findings",
    "health.build_health",
}


def contents(database: Path) -> dict[str, tuple]:
    """Columns, number of rows and hash of the rows of every relation, in whatever order they lie.

    Doubles count to the last bit. A relation that cannot be read makes this fail, so a view that
    was left behind shows.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        return {
            name: content(connection, name)
            for name in relations(connection)
            if name not in LOG_OF_BUILDS
        }


def relations(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Every table and view of the project as schema.name, temporary ones included."""
    return [
        name
        for (name,) in connection.execute(
            """
            select schema_name || '.' || table_name from duckdb_tables()
            union all
            select schema_name || '.' || view_name from duckdb_views() where not internal
            order by all
            """
        ).fetchall()
    ]


def content(connection: duckdb.DuckDBPyConnection, name: str) -> tuple:
    """Columns, number of rows and hash of the rows of one relation."""
    columns = tuple(
        (column, data_type)
        for column, data_type, *_ in connection.execute(f"describe {name}").fetchall()
        if column not in ABOUT_THE_BUILD.get(name, ())
    )
    hashed = ", ".join(f'"{column}"' for column, _ in columns)
    return (
        columns,
        # a sum of hashes: rows that stand twice do not cancel out, and order does not matter
        *connection.execute(f"select count(*), sum(hash({hashed})) from {name}").fetchall(),
    )


def differences(left: Path, right: Path) -> list[str]:
    """Which relations differ between two databases, and in which columns; empty when none does."""
    before, after = contents(left), contents(right)
    found = [f"{name} is only in one of them" for name in sorted(before.keys() ^ after.keys())]
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            columns = _column_hashes(left, name).items() ^ _column_hashes(right, name).items()
            found.append(f"{name}: {', '.join(sorted({column for column, _ in columns}))}")
    return sorted(found)


def _column_hashes(database: Path, name: str) -> dict[str, int]:
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = [row[0] for row in connection.execute(f"describe {name}").fetchall()]
        hashes = ", ".join(f'sum(hash("{column}"))' for column in columns)
        row = connection.execute(f"select {hashes} from {name}").fetchall()[0]
    return dict(zip(columns, row, strict=True))
