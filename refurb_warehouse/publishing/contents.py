"""Copy what is published into DuckDB files that clients of several years open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import yaml

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.publishing.audiences import (
    MARKET_SCHEMA,
    OWN_SCHEMA,
    Audience,
    Declarations,
    market_query,
    own_rows_query,
)
from refurb_warehouse.publishing.readiness import UNCHANGED, Build

# Clients from DuckDB 1.4, the long-term version, open it; by default 2.0 writes what they refuse.
STORAGE_VERSION = "v1.4.0"
# Most tables are small, and each takes whole blocks: 8 MB for the demo instead of 59.
BLOCK_SIZE = 16384
# A name that no database of a user has; the file of a build is attached under its own.
NEW = "refurb_new_version"
PUBLICATION = "reference.publication"
PUBLICATION_TABLES = "reference.publication_tables"
COMMENTS = {
    PUBLICATION: "Which version of the published warehouse this is. One row.",
    PUBLICATION_TABLES: (
        "What the version holds: rows of each table. All of them belong to the version of "
        "reference.publication. One row per (table_schema, table_name)."
    ),
    f"{PUBLICATION}.version": "Version, by its time of publication; versions sort by it.",
    f"{PUBLICATION}.published_at": "When it was published (UTC).",
    f"{PUBLICATION}.as_of_date": "Day up to which the data is known.",
    f"{PUBLICATION}.built_at": "When the build of its tables started (UTC).",
    f"{PUBLICATION}.build_status": "passed, or warned when health.build_findings has warnings.",
    f"{PUBLICATION}.audience": "For whom it is: an audience of docs/publishing.md.",
    f"{PUBLICATION_TABLES}.table_schema": "Schema of the table.",
    f"{PUBLICATION_TABLES}.table_name": "Name of the table.",
    f"{PUBLICATION_TABLES}.table_rows": "Rows that it has in this version.",
}


@dataclass(frozen=True)
class Column:
    """A column of a table that is to be published."""

    name: str
    data_type: str
    comment: str | None
    is_nullable: bool


@dataclass(frozen=True)
class Relation:
    """A table to publish: its name there, the query that fills it, and what is said of it."""

    schema: str
    name: str
    query: str
    columns: tuple[Column, ...]
    comment: str | None = None
    key: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Version:
    """What a published version is called, and what it was made of."""

    version: str
    published_at: datetime
    as_of_date: date | None
    built_at: datetime
    build_status: str


def text(value: str | None) -> str:
    """A text as SQL writes it."""
    return "null" if value is None else "'" + value.replace("'", "''") + "'"


# ------------------------------------------------------------------------- what is to be published


def relations_of_build(
    source: duckdb.DuckDBPyConnection, build: Build, declared: Declarations
) -> list[Relation]:
    """Every table of the build that may be published, without its pseudonyms."""
    found = source.execute(
        """
        select schema_name, table_name, comment from duckdb_tables()
        where database_name = current_database() and not internal
        union all
        select schema_name, view_name, comment from duckdb_views()
        where database_name = current_database() and not internal
        order by schema_name, table_name
        """
    ).fetchall()
    keys = {
        f"{schema}.{table}": tuple(columns)
        for schema, table, columns in source.execute(
            "select schema_name, table_name, constraint_column_names from duckdb_constraints() "
            "where database_name = current_database() and constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    }
    described = columns_of(source)
    relations = []
    for schema, name, comment in found:
        path = f"{schema}.{name}"
        is_wanted = (
            schema in declared.schemas or (schema == "health" and name in declared.health)
        ) and path not in declared.left_out
        # What an earlier state of the project made may still lie in the database.
        if not is_wanted or name not in build.models:
            continue
        without = declared.pseudonyms | set(declared.health[name] if schema == "health" else ())
        columns = tuple(column for column in described[path] if column.name not in without)
        key = keys.get(path, ())
        relations.append(
            Relation(
                schema,
                name,
                f"select {', '.join(column.name for column in columns)} from {path}",
                columns,
                comment,
                key if not set(key) & without else (),
            )
        )
    _refuse_missing(relations, build, declared)
    return relations


def with_seed_descriptions(relations: list[Relation], project: Path) -> list[Relation]:
    """Descriptions of seeds, which dbt does not write into the database, from their own files."""
    described = {
        seed["name"]: seed
        for file in sorted((project / "seeds" / "reference").glob("*.yml"))
        for seed in yaml.safe_load(file.read_text(encoding="utf-8")).get("seeds", [])
    }
    return [
        _with_descriptions(each, described[each.name]) if each.name in described else each
        for each in relations
    ]


def _with_descriptions(relation: Relation, seed: dict) -> Relation:
    said = {column["name"]: column.get("description") for column in seed.get("columns", [])}

    def plain(description: str | None) -> str | None:
        # A doc block is a name that only dbt can look up.
        return None if not description or "{{" in description else " ".join(description.split())

    return replace(
        relation,
        comment=relation.comment or plain(seed.get("description")),
        columns=tuple(
            replace(column, comment=column.comment or plain(said.get(column.name)))
            for column in relation.columns
        ),
    )


def columns_of(source: duckdb.DuckDBPyConnection) -> dict[str, tuple[Column, ...]]:
    """Columns of each table in their order, with their descriptions."""
    columns: dict[str, list[Column]] = {}
    for path, *column in source.execute(
        "select schema_name || '.' || table_name, column_name, data_type, comment, is_nullable "
        "from duckdb_columns() where database_name = current_database() and not internal "
        "order by 1, column_index"
    ).fetchall():
        columns.setdefault(path, []).append(Column(*column))
    return {path: tuple(found) for path, found in columns.items()}


def _refuse_missing(relations: list[Relation], build: Build, declared: Declarations) -> None:
    published = {each.path for each in relations}
    names = {each.name for each in relations} | {
        path.partition(".")[2] for path in declared.left_out
    }
    lost = sorted(
        name
        for name in build.models
        if name.startswith(("mart_", "dim_", "fct_")) and name not in names
    )
    lost += [path for path in declared.missing_tables(published) if path not in lost]
    if lost:
        raise RefurbError(
            f"Tables are missing from the build, {UNCHANGED}: {', '.join(lost[:5])}. "
            "Run make build; if audiences.yml names a table that the project no longer has, take "
            "it out there."
        )


def market_relations(
    source: duckdb.DuckDBPyConnection, relations: list[Relation], declared: Declarations
) -> list[Relation]:
    """Tables of the schema `market`. The source holds what is published."""
    return [
        _described(
            source,
            MARKET_SCHEMA,
            each.name,
            market_query(each, declared.rule),
            relations,
            each.table,
            comment=each.comment,
        )
        for each in declared.market
    ]


def own_relations(
    source: duckdb.DuckDBPyConnection, relations: list[Relation], declared: Declarations
) -> list[tuple[Relation, str]]:
    """Tables of the schema `supplier` with the column that says whose a row is."""
    paths = {each.path: each for each in relations}
    return [
        (
            _described(
                source,
                OWN_SCHEMA,
                each.name,
                own_rows_query(
                    each, [column.name for column in paths[each.table].columns], declared.rule
                ),
                relations,
                each.table,
            ),
            each.own,
        )
        for each in declared.own_rows
    ]


def _described(
    source: duckdb.DuckDBPyConnection,
    schema: str,
    name: str,
    query: str,
    relations: list[Relation],
    origin: str,
    comment: str | None = None,
) -> Relation:
    described = next(each for each in relations if each.path == origin)
    comments = {column.name: column.comment for column in described.columns}
    try:
        shape = source.execute(f"describe {query}").fetchall()
    except duckdb.Error as error:
        raise RefurbError(
            f"audiences.yml does not fit the tables, {UNCHANGED}: {schema}.{name} cannot be made "
            f"({' '.join(str(error).split())})."
        ) from error
    columns = tuple(
        Column(column, data_type, comments.get(column), True) for column, data_type, *_ in shape
    )
    return Relation(schema, name, query, columns, comment or described.comment)


def for_audience(
    audience: Audience,
    relations: list[Relation],
    market: list[Relation],
    own: list[tuple[Relation, str]],
    supplier: str | None = None,
) -> list[Relation]:
    """What an audience sees, as queries on what is published; of a supplier, its own rows."""
    if audience.sees_everything:
        return [*relations, *market]
    seen = [each for each in (*relations, *market) if each.path in audience.tables]
    if audience.sees_own_rows:
        seen += [
            Relation(
                each.schema,
                each.name,
                f"select * from ({each.query}) as rows_of_all where {column} = {text(supplier)}",
                each.columns,
                each.comment,
            )
            for each, column in own
        ]
    return seen


def published_relations(
    source: duckdb.DuckDBPyConnection, relations: list[Relation]
) -> list[Relation]:
    """The same relations, read as they stand in a published file."""
    return [
        Relation(
            each.schema,
            each.name,
            f"select * from {each.path}",
            each.columns,
            each.comment,
            each.key,
        )
        for each in relations
    ]


def relations_of_file(source: duckdb.DuckDBPyConnection) -> list[Relation]:
    """What a published file of the whole warehouse holds, but what tells of the version."""
    described = columns_of(source)
    return [
        Relation(
            schema,
            name,
            f"select * from {schema}.{name}",
            described[f"{schema}.{name}"],
            comment,
        )
        for schema, name, comment in source.execute(
            "select schema_name, table_name, comment from duckdb_tables() "
            "where database_name = current_database() order by schema_name, table_name"
        ).fetchall()
        if f"{schema}.{name}" not in (PUBLICATION, PUBLICATION_TABLES)
    ]


# ------------------------------------------------------------------------------------ the copying


def write_file(
    target: Path,
    source: duckdb.DuckDBPyConnection,
    relations: list[Relation],
    version: Version,
    audience: str,
) -> dict[str, int]:
    """Write relations into a new file, and return the rows of each table.

    The connection is of the file that holds the tables of the queries; the new one is attached.
    """
    source.execute(
        f"attach {text(str(target))} as {NEW} "
        f"(storage_version '{STORAGE_VERSION}', block_size {BLOCK_SIZE})"
    )
    try:
        # One transaction: one writing of the file, however many tables.
        source.execute("begin")
        rows = {each.path: _copy(source, each) for each in relations}
        rows |= _sign(source, rows, version, audience)
        source.execute("commit")
        # All of it in the file itself, and nothing in a log beside it.
        source.execute(f"checkpoint {NEW}")
    finally:
        source.execute(f"detach {NEW}")
    return rows


def _copy(source: duckdb.DuckDBPyConnection, relation: Relation) -> int:
    table = f"{NEW}.{relation.path}"
    definitions = [
        f"{column.name} {column.data_type}{'' if column.is_nullable else ' not null'}"
        for column in relation.columns
    ]
    if relation.key:
        definitions.append(f"primary key ({', '.join(relation.key)})")
    source.execute(f"create schema if not exists {NEW}.{relation.schema}")
    source.execute(f"create table {table} ({', '.join(definitions)})")
    [(rows,)] = source.execute(f"insert into {table} {relation.query}").fetchall()
    comment_on(source, relation, table)
    return rows


def comment_on(connection: duckdb.DuckDBPyConnection, relation: Relation, table: str) -> None:
    """Write the descriptions of a table and its columns beside it."""
    if relation.comment:
        connection.execute(f"comment on table {table} is {text(relation.comment)}")
    for column in relation.columns:
        if column.comment:
            connection.execute(f"comment on column {table}.{column.name} is {text(column.comment)}")


def publication_relations(rows: dict[str, int], version: Version, audience: str) -> list[Relation]:
    """The two tables that say which version the others are of."""

    def described(path: str, columns: dict[str, str], query: str) -> Relation:
        schema, _, name = path.partition(".")
        return Relation(
            schema,
            name,
            query,
            tuple(
                Column(column, data_type, COMMENTS[f"{path}.{column}"], True)
                for column, data_type in columns.items()
            ),
            COMMENTS[path],
        )

    as_of_date = f"date '{version.as_of_date}'" if version.as_of_date else "cast(null as date)"
    values = ", ".join(
        "({}, {}, cast({} as bigint))".format(*map(text, path.split(".")), count)
        for path, count in sorted(rows.items())
    )
    return [
        described(
            PUBLICATION,
            {
                "version": "VARCHAR",
                "published_at": "TIMESTAMP",
                "as_of_date": "DATE",
                "built_at": "TIMESTAMP",
                "build_status": "VARCHAR",
                "audience": "VARCHAR",
            },
            f"select {text(version.version)} as version, "
            f"timestamp '{version.published_at:%Y-%m-%d %H:%M:%S.%f}' as published_at, "
            f"{as_of_date} as as_of_date, "
            f"timestamp '{version.built_at:%Y-%m-%d %H:%M:%S.%f}' as built_at, "
            f"{text(version.build_status)} as build_status, {text(audience)} as audience",
        ),
        described(
            PUBLICATION_TABLES,
            {"table_schema": "VARCHAR", "table_name": "VARCHAR", "table_rows": "BIGINT"},
            f"select * from (values {values}) as counted (table_schema, table_name, table_rows)",
        ),
    ]


def _sign(
    source: duckdb.DuckDBPyConnection, rows: dict[str, int], version: Version, audience: str
) -> dict[str, int]:
    return {
        each.path: _copy(source, each) for each in publication_relations(rows, version, audience)
    }
