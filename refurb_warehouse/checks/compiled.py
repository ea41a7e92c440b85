"""The project as dbt compiled it, run by DuckDB alone.

dbt needs seconds to start and builds the demo in a quarter of a minute. Checks that build the
warehouse hundreds of times (faults, properties, mutants) take the SQL that one `dbt build` left in
its target folder and run it in memory instead: a whole warehouse in a second or two, with the same
statements, constraints and tests.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from refurb_warehouse.salt import DEFAULT_SALT


@dataclass(frozen=True)
class Model:
    """A model: where it is written, its compiled code, and what it reads.

    The key is that which its contract or a test of its grain declares.
    """

    name: str
    unique_id: str
    path: str
    schema: str
    relation: str
    materialized: str
    sql: str
    inputs: tuple[str, ...]
    sources: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    ddl: str = ""
    key: tuple[str, ...] = ()
    is_python: bool = False

    def make(self, connection: duckdb.DuckDBPyConnection, instead: str | None = None) -> None:
        """Make its relation; `instead` is another query for it."""
        if self.is_python and instead is None:
            answer = self._answer(connection)
            connection.execute(f"drop table if exists {self.relation}")
            answer.create(self.relation)
            return
        for statement in self.statements(instead or self.sql):
            connection.execute(statement)

    def _answer(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """What its Python answers, run as dbt-duckdb runs it. Any fault in it is a DuckDB error."""
        code: dict[str, Any] = {}
        try:
            exec(compile(self.sql, self.path, "exec"), code)
            inputs = code["dbtObj"](lambda name: connection.query(f"select * from {name}"))
            return code["model"](inputs, connection)
        except Exception as error:
            raise duckdb.Error(f"{self.name}: {error}") from error

    def statements(self, sql: str) -> list[str]:
        """What makes its relation from a query; a contract's constraints are declared first."""
        if self.materialized == "view":
            return [f"create or replace view {self.relation} as {sql}"]
        if not self.ddl:
            return [f"create or replace table {self.relation} as {sql}"]
        listed = ", ".join(self.columns)
        return [
            f"create or replace table {self.relation} ({self.ddl})",
            f"insert into {self.relation} ({listed}) select {listed} from ({sql})",
        ]


@dataclass(frozen=True)
class DataTest:
    """A data test: its query answers the rows that are wrong."""

    name: str
    sql: str
    severity: str
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class UnitTest:
    """A unit test as dbt ran it: one query for what the model answers and what it should."""

    name: str
    model: str
    sql: str


@dataclass(frozen=True)
class CompiledProject:
    """What a finished `dbt build` left in its target folder and its database."""

    catalog: str
    database: Path
    models: Mapping[str, Model]
    data_tests: tuple[DataTest, ...]
    unit_tests: tuple[UnitTest, ...]
    raw_schema: str
    raw_columns: Mapping[str, tuple[str, ...]]
    logs: tuple[str, ...]

    @classmethod
    def read(cls, target: Path, database: Path) -> CompiledProject:
        """The models in the order in which they can be built, and their tests."""
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        nodes = manifest["nodes"]
        models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
        uncompiled = [key for key, node in models.items() if not node.get("compiled_code")]
        if uncompiled:
            raise ValueError(f"{target} was left by a build of a part: {uncompiled[0]} is missing.")
        graph = {
            key: [k for k in node["depends_on"]["nodes"] if k in models]
            for key, node in models.items()
        }
        grains = {
            node["attached_node"]: node["test_metadata"]["kwargs"]["columns"]
            for node in nodes.values()
            if (node.get("test_metadata") or {}).get("name") == "unique_grain"
        }
        unit_tests = []
        for key, test in manifest["unit_tests"].items():
            folder = target / "run" / test["package_name"] / test["original_file_path"]
            files = list(folder.rglob(f"{test['name']}.sql"))
            if files:
                sql = files[0].read_text(encoding="utf-8")
                unit_tests.append(UnitTest(key.split(".")[-1], test["model"], sql))
        by_name: dict[str, list[dict]] = {}
        for source in manifest["sources"].values():
            by_name.setdefault(source["source_name"], []).append(source)
        sources = [*by_name["marketplace"], *by_name["open_repair"]]
        return cls(
            catalog=next(iter(models.values()))["database"],
            database=database,
            models={
                models[key]["name"]: _model(models[key], graph[key], models, grains.get(key, ()))
                for key in TopologicalSorter(graph).static_order()
            },
            data_tests=tuple(
                DataTest(
                    node["name"],
                    node["compiled_code"],
                    node["config"]["severity"].lower(),
                    tuple(models[k]["name"] for k in node["depends_on"]["nodes"] if k in models),
                )
                for node in nodes.values()
                if node["resource_type"] == "test" and node.get("compiled_code")
            ),
            unit_tests=tuple(unit_tests),
            raw_schema=sources[0]["schema"],
            raw_columns={source["name"]: tuple(source["columns"]) for source in sources},
            logs=tuple(f"{log['schema']}.{log['name']}" for log in by_name["build_log"]),
        )

    def descendants(self, name: str) -> list[str]:
        """The models that read this one, directly or not, in building order."""
        reached = {name}
        for model in self.models.values():
            if reached.intersection(model.inputs):
                reached.add(model.name)
        return [key for key in self.models if key in reached and key != name]

    def tests_of(self, names: Iterable[str]) -> list[DataTest]:
        """The data tests that read one of these models, first those that read little else."""
        read = set(names)
        due = [test for test in self.data_tests if read.intersection(test.inputs)]
        return sorted(due, key=lambda test: len(test.inputs))


@dataclass
class Warehouse:
    """A database in memory, in which the compiled project is built and tested."""

    project: CompiledProject
    threads: int = 1
    connection: duckdb.DuckDBPyConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": self.threads})
        catalog = self.project.catalog
        self.connection.execute(f"attach ':memory:' as {catalog}")
        self.connection.execute(f"use {catalog}")
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute("set enable_progress_bar = false")
        self.connection.execute("set variable refurb_salt = ?", [DEFAULT_SALT])
        self.connection.execute(f"attach '{self.project.database}' as finished_build (read_only)")
        schemas = {model.schema for model in self.project.models.values()}
        for schema in sorted(schemas | {"landing", self.project.raw_schema}):
            self.connection.execute(f"create schema {schema}")
        self._copy("reference")
        for log in self.project.logs:
            self.connection.execute(f"create table {log} as from finished_build.{log}")

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def _copy(self, schema: str) -> None:
        self.connection.execute(f"create schema if not exists {schema}")
        tables = self.connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'finished_build' and schema_name = ?",
            [schema],
        ).fetchall()
        for (table,) in tables:
            self.connection.execute(
                f"create table {schema}.{table} as from finished_build.{schema}.{table}"
            )

    def land_finished_build(self) -> None:
        """The extracts of the build from which the project was compiled."""
        for schema in {"landing", self.project.raw_schema}:
            self._copy(schema)

    def land(self, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Rows by table, as text like that of a CSV file; a table that is not named is absent."""
        schema = self.project.raw_schema
        for table, columns in self.project.raw_columns.items():
            listed = ", ".join(f'"{column}" varchar' for column in columns)
            self.connection.execute(f"create or replace table {schema}.{table} ({listed})")
            rows = [
                [None if row.get(column) in (None, "") else str(row[column]) for column in columns]
                for row in tables.get(table, ())
            ]
            if rows:
                places = ", ".join("?" for _ in columns)
                many = ", ".join(f"({places})" for _ in rows)
                self.connection.execute(
                    f"insert into {schema}.{table} values {many}",
                    [value for row in rows for value in row],
                )
        self.connection.execute(
            "create or replace table landing.raw_files "
            "(source_table varchar, is_present boolean, file_name varchar)"
        )
        for table in self.project.raw_columns:
            self.connection.execute(
                "insert into landing.raw_files values (?, ?, ?)",
                [table, table in tables, f"{table}.csv" if table in tables else None],
            )

    def build(
        self, names: Iterable[str] | None = None, instead: Mapping[str, str] | None = None
    ) -> None:
        """Make the named models, or all of them; `instead` holds other SQL for some."""
        for name in self.project.models if names is None else names:
            self.project.models[name].make(self.connection, (instead or {}).get(name))

    def failing_tests(
        self, tests: Iterable[DataTest] | None = None
    ) -> Iterator[tuple[DataTest, int]]:
        """Those of the data tests, or of all, that find rows, with their number."""
        for test in self.project.data_tests if tests is None else tests:
            [(found,)] = self.query(f"select count(*) from ({test.sql})")
            if found:
                yield test, found

    def unit_test_passes(self, sql: str) -> bool:
        """Whether the rows that a unit test's query calls actual and expected are the same."""
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description]
        marked = names.index("actual_or_expected")
        rows: dict[str, Counter] = {"actual": Counter(), "expected": Counter()}
        for row in cursor.fetchall():
            rows[row[marked]][row[:marked] + row[marked + 1 :]] += 1
        return rows["actual"] == rows["expected"]

    def query(self, sql: str, parameters: Sequence[Any] | None = None) -> list[tuple]:
        """Rows of a query."""
        return self.connection.execute(sql, parameters).fetchall()

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """What is made inside is gone afterwards."""
        self.connection.execute("begin transaction")
        try:
            yield
        finally:
            self.connection.execute("rollback")


def _model(
    node: Mapping[str, Any], inputs: list[str], models: Mapping[str, Any], grain: Sequence[str]
) -> Model:
    has_contract = node["config"]["contract"]["enforced"]
    return Model(
        name=node["name"],
        unique_id=node["unique_id"],
        path=node["original_file_path"],
        schema=node["schema"],
        relation=node["relation_name"],
        materialized=node["config"]["materialized"],
        sql=node["compiled_code"],
        inputs=tuple(models[key]["name"] for key in inputs),
        sources=tuple(
            key.split(".", 2)[2] for key in node["depends_on"]["nodes"] if key.startswith("source.")
        ),
        columns=tuple(f'"{name}"' for name in node["columns"]) if has_contract else (),
        ddl=_ddl(node) if has_contract else "",
        key=_primary_key(node) or tuple(grain),
        is_python=node["language"] == "python",
    )


def _primary_key(node: Mapping[str, Any]) -> tuple[str, ...]:
    for constraint in node["constraints"]:
        if constraint["type"] == "primary_key":
            return tuple(constraint["columns"])
    return ()


def _ddl(node: Mapping[str, Any]) -> str:
    parts = []
    for column in node["columns"].values():
        kinds = {constraint["type"] for constraint in column["constraints"]}
        words = [f'"{column["name"]}"', column["data_type"]]
        words += ["not null"] if "not_null" in kinds else []
        words += ["primary key"] if "primary_key" in kinds else []
        parts.append(" ".join(words))
    for constraint in node["constraints"]:
        if constraint["type"] == "primary_key":
            parts.append(f"primary key ({', '.join(constraint['columns'])})")
    return ", ".join(parts)
