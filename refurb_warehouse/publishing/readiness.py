"""Whether a build may be published: complete, ended, green, and all of its tables there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from refurb_warehouse.build import IS_BUILD, is_remembered
from refurb_warehouse.errors import RefurbError

UNCHANGED = "nothing was published, what is published stays as it was"
NAMED_FINDINGS = 5
# What the last complete build made, and what builds of changed files have made anew since.
MODELS = """
    with started as (
        select run_id, happened_at, is_complete from health.dbt_runs where event = 'started'
    )

    select distinct results.node_name
    from health.dbt_results as results
    inner join started using (run_id)
    where
        results.node_type in ('model', 'seed')
        and results.status = 'success'
        and started.happened_at >= (select max(happened_at) from started where is_complete)
"""


@dataclass(frozen=True)
class Build:
    """The last complete build of a database, as its log tells it."""

    status: str
    as_of_date: date | None
    started_at: datetime
    models: frozenset[str]


def open_build(database: Path) -> duckdb.DuckDBPyConnection:
    """Open the database for reading; while it is open no build can start."""
    if not database.is_file():
        raise RefurbError(
            f"{database} is not there, {UNCHANGED}: run make build first, or name the file of a "
            "build by REFURB_DATABASE."
        )
    try:
        return attached(database)
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise RefurbError(
                f"{database} is in use, {UNCHANGED}: a build or another program is writing it. "
                "Publish again when it has ended."
            ) from error
        raise RefurbError(
            f"{database} cannot be read as a DuckDB file, {UNCHANGED}: build it anew "
            f"({str(error).splitlines()[0]})."
        ) from error


def attached(database: Path) -> duckdb.DuckDBPyConnection:
    """A connection that reads the file, and to which files to write can be attached.

    The file keeps the name that it gives its catalog: views name their tables by it.
    """
    connection = duckdb.connect()
    try:
        path = str(database).replace("'", "''")
        connection.execute(f"attach '{path}' (read_only)")
        [(name,)] = connection.execute(
            "select database_name from duckdb_databases() where path is not null and not internal"
        ).fetchall()
        connection.execute(f'use "{name}"')
    except BaseException:
        connection.close()
        raise
    return connection


def green_build(connection: duckdb.DuckDBPyConnection, database: Path) -> Build:
    """The build that may be published. What keeps it from being so is an error with its remedy."""
    try:
        status, as_of_date = connection.execute(
            "select build_status, as_of_date from health.build_health"
        ).fetchone()
        runs = connection.execute(
            "select run_id, command, selection, is_complete, happened_at from health.dbt_runs "
            f"where {IS_BUILD} order by happened_at desc, run_id limit 1"
        ).fetchall()
    except duckdb.CatalogException as error:
        raise RefurbError(
            f"{database} does not hold a finished build, {UNCHANGED}: run make build, and publish "
            f"when it is green ({str(error).splitlines()[0]})."
        ) from error
    if not runs:
        raise RefurbError(f"{database} has no build in its log, {UNCHANGED}: run make build.")
    [(run_id, command, selection, is_complete, started_at)] = runs
    is_whole = is_complete or is_remembered(connection, run_id)
    _refuse_partial(connection, run_id, command, selection, is_whole)
    _refuse_failed(connection, status)
    models = connection.execute(MODELS).fetchall()
    return Build(status, as_of_date, started_at, frozenset(name for (name,) in models))


def _refuse_partial(
    connection: duckdb.DuckDBPyConnection,
    run_id: str,
    command: str,
    selection: str,
    is_whole: bool,
) -> None:
    ended = connection.execute(
        "select count(*) from health.dbt_runs where run_id = ? and event = 'ended'", [run_id]
    ).fetchone()
    if not ended[0]:
        raise RefurbError(
            f"The last dbt {command} did not end, {UNCHANGED}: it was refused (its output says "
            "which raw file is at fault), broke off, or was killed. Run make build again."
        )
    if command != "build":
        raise RefurbError(
            f"The tables were last made by dbt {command}, which runs no tests, {UNCHANGED}: run "
            "make build."
        )
    if not is_whole:
        part = f"of a part ({selection})" if selection else "of a part of the models and tests"
        raise RefurbError(
            f"The last dbt build was {part}, so tables of two builds lie side by side, "
            f"{UNCHANGED}: run make build, without a selection."
        )


def _refuse_failed(connection: duckdb.DuckDBPyConnection, status: str) -> None:
    if status in ("passed", "warned"):
        return
    failed = connection.execute(
        "select node_type, node_name from health.node_outcomes where outcome = 'failed' "
        "order by node_type, node_name"
    ).fetchall()
    named = ", ".join(name for _type, name in failed[:NAMED_FINDINGS])
    if not named:
        raise RefurbError(
            f"The last run of dbt is {status}, {UNCHANGED}: run make build, and publish when it is "
            "green."
        )
    more = f" and {len(failed) - NAMED_FINDINGS} more" if len(failed) > NAMED_FINDINGS else ""
    raise RefurbError(
        f"The build is red, {UNCHANGED}: failed {named}{more}. health.build_findings says what to "
        "do about each; mend it and run make build."
    )
