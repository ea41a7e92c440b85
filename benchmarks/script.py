"""The floor: every core and mart table by one script in one process of DuckDB.

    python -m benchmarks.script --target TARGET --built FILE --into FILE [--costs FILE]

It is the SQL of the models, in order, without dbt, without tests and keys, and without what no core
or mart table is made from. Views stay views and tables tables. The raw views and the
seeds are those of a finished build.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from dataclasses import replace
from pathlib import Path

import duckdb

from refurb_warehouse.checks.compiled import CompiledProject
from refurb_warehouse.operator_memory import Plugin as OperatorMemory
from refurb_warehouse.salt import DEFAULT_SALT

MARTS = "models/marts/"
# what a contract asks for beyond types
CONSTRAINT = re.compile(r", primary key \(.*?\)| primary key| not null")


def needed(project: CompiledProject) -> list[str]:
    """Core, marts and what they are made from, in building order."""
    wanted = {name for name, model in project.models.items() if model.path.startswith(MARTS)}
    for name in reversed(project.models):
        if name in wanted:
            wanted.update(project.models[name].inputs)
    return [name for name in project.models if name in wanted]


def prepared(project: CompiledProject, into: Path) -> duckdb.DuckDBPyConnection:
    """A new file with the raw views and seeds of the finished build."""
    connection = duckdb.connect(
        into,
        config={
            "threads": os.cpu_count() or 1,
            "memory_limit": os.environ.get("REFURB_MEMORY_LIMIT", "6GB"),
            "temp_directory": f"{into}.tmp",
            "preserve_insertion_order": "false",
        },
    )
    OperatorMemory("operator_memory", {}).configure_cursor(connection)
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set variable refurb_salt = ?", [DEFAULT_SALT])
    connection.execute(f"attach '{project.database}' as finished_build (read_only)")
    for (schema,) in connection.execute(
        "select distinct schema_name from duckdb_schemas() "
        "where database_name = 'finished_build' and not internal and schema_name <> 'main'"
    ).fetchall():
        connection.execute(f"create schema {schema}")
    models = {(model.schema, model.name) for model in project.models.values()}
    for schema, table in connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = 'finished_build' and schema_name in ('landing', 'raw', 'reference')"
    ).fetchall():
        if (schema, table) not in models:
            connection.execute(
                f"create table {schema}.{table} as from finished_build.{schema}.{table}"
            )
    for (sql,) in connection.execute(
        "select sql from duckdb_views() "
        "where database_name = 'finished_build' and schema_name = 'landing'"
    ).fetchall():
        connection.execute(sql)
    connection.execute("detach finished_build")
    return connection


def main() -> None:
    """Make the tables; with --costs, write the CPU seconds of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", type=Path, required=True, help="target folder of a build")
    parser.add_argument("--built", type=Path, required=True, help="the database it built")
    parser.add_argument("--into", type=Path, required=True, help="a new file of the same name")
    parser.add_argument("--costs", type=Path, help="JSON of CPU seconds by model")
    arguments = parser.parse_args()
    project = CompiledProject.read(arguments.target, arguments.built)
    arguments.into.parent.mkdir(parents=True, exist_ok=True)
    arguments.into.unlink(missing_ok=True)
    costs = {}
    with prepared(project, arguments.into) as connection:
        for name in needed(project):
            started = time.process_time()
            model = project.models[name]
            replace(model, ddl=CONSTRAINT.sub("", model.ddl)).make(connection)
            costs[name] = round(time.process_time() - started, 3)
        started = time.process_time()
        connection.execute("checkpoint")
        costs["checkpoint"] = round(time.process_time() - started, 3)
    if arguments.costs:
        arguments.costs.write_text(json.dumps(costs, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
