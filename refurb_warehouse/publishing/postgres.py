"""Load a published version into PostgreSQL, in one transaction, through ADBC.

Rows are replaced within tables that stay: `delete` and `insert` are seen by other sessions all at
once at the commit, they lock out no reader, and grants, policies, comments and views on the tables
remain. (Schemas that are renamed leave a moment in which one statement finds one table old and the
next new.) A table whose columns have changed is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from refurb_warehouse.publishing.audiences import Audience, Declarations
from refurb_warehouse.publishing.contents import (
    PUBLICATION,
    Relation,
    Version,
    own_relations,
    publication_relations,
    relations_of_file,
    text,
)
from refurb_warehouse.publishing.readiness import attached

INCOMING = "refurb_incoming"
ACCESS = "access"
MARK = "Published by Refurb Warehouse."
# Any number, as long as every publisher takes the same.
ADVISORY_LOCK = 7_226_021
LOCK_TIMEOUT = "30s"
# What PostgreSQL has no type for is cast before it goes there.
CASTS = {
    "UBIGINT": "DECIMAL(20,0)",
    "HUGEINT": "DECIMAL(38,0)",
    "UHUGEINT": "DECIMAL(38,0)",
    "UINTEGER": "BIGINT",
    "USMALLINT": "INTEGER",
    "UTINYINT": "SMALLINT",
    "TINYINT": "SMALLINT",
    "TIMESTAMP_NS": "TIMESTAMP",
    "TIMESTAMP_MS": "TIMESTAMP",
    "TIMESTAMP_S": "TIMESTAMP",
}
AS_IT_IS = {
    *("VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "DOUBLE", "FLOAT", "BOOLEAN", "DATE"),
    *("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
}


class PostgresError(Exception):
    """What PostgreSQL refused, and how to mend it."""


@contextmanager
def loaded(dsn: str, file: Path, declared: Declarations) -> Iterator[Callable[[], None]]:
    """Everything of a published file in a transaction that is ready to be committed.

    Without the commit that is yielded nothing has happened.
    """
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise PostgresError(
            "the driver is not installed. Install it (uv sync --locked --inexact --group "
            "postgres), or publish without REFURB_POSTGRES_DSN."
        ) from None
    try:
        connection = dbapi.connect(dsn)
    except dbapi.Error as error:
        raise PostgresError(
            f"it cannot be reached ({_words(error)}). Look at REFURB_POSTGRES_DSN and at the "
            "server, or publish without it."
        ) from error
    try:
        with attached(file) as source:
            load = _Load(connection, source, declared)
            try:
                load.run()
            except dbapi.Error as error:
                raise PostgresError(_explained(_words(error))) from error

        def commit() -> None:
            try:
                connection.commit()
            except dbapi.Error as error:
                raise PostgresError(_explained(_words(error))) from error

        yield commit
    finally:
        # What is not committed is taken back.
        connection.close()
    _vacuum(dbapi, dsn, load.tables)


def _words(error: Exception) -> str:
    return " ".join(str(error).split())


def _explained(error: str) -> str:
    if "permission denied" in error:
        return (
            f"a right is missing ({error}). The role of REFURB_POSTGRES_DSN must own the schemas "
            "and be allowed to create schemas and roles; docs/publishing.md shows how."
        )
    if "depend on it" in error:
        return (
            f"columns of a table have changed, and views of yours read it ({error}). Drop these "
            "views, publish, and make them again."
        )
    if "lock timeout" in error:
        return f"a long query holds a table that must change ({error}). Publish when it has ended."
    if "No space left" in error or "disk full" in error.lower():
        return f"the disk of the server is full ({error}). Free some space there."
    return f"{error}. What is there stays as it was."


def _vacuum(dbapi: Any, dsn: str, tables: list[str]) -> None:
    """Give back the room of the old rows. The server does it by itself later when this fails."""
    try:
        with dbapi.connect(dsn, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(f"vacuum (analyze) {', '.join(tables)}")
    except dbapi.Error:
        pass


class _Load:
    """The statements of one transaction."""

    def __init__(
        self, connection: Any, source: duckdb.DuckDBPyConnection, declared: Declarations
    ) -> None:
        self.connection = connection
        self.source = source
        self.declared = declared
        self.tables: list[str] = []

    def run(self) -> None:
        """All of it but the commit."""
        relations = relations_of_file(self.source)
        own = own_relations(self.source, relations, self.declared)
        owners = {relation.path: column for relation, column in own}
        relations += [relation for relation, _ in own]
        self._begin(sorted({each.schema for each in relations}))
        rows = {each.path: self._ingest(each) for each in relations}
        signed = publication_relations(rows, self._version(), "by role")
        for each in signed:
            self._ingest(each)
        relations += signed
        for each in relations:
            self._put_in_place(each)
        self._drop_others(relations)
        self._comment(relations)
        self._restrict_rows(owners)
        self._grant(relations)
        self._run(f"drop schema {INCOMING} cascade")
        self.tables = [each.path for each in relations]

    def _version(self) -> Version:
        [row] = self.source.execute(
            f"select version, published_at, as_of_date, built_at, build_status from {PUBLICATION}"
        ).fetchall()
        return Version(*row)

    def _run(self, sql: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)

    def _rows(self, sql: str) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def _begin(self, schemas: list[str]) -> None:
        self._run(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
        if not self._rows(f"select pg_try_advisory_xact_lock({ADVISORY_LOCK})")[0][0]:
            raise PostgresError(
                "another publish is loading this database. Publish again when it has ended."
            )
        found = dict(
            self._rows(
                "select nspname, coalesce(obj_description(oid, 'pg_namespace'), '') "
                "from pg_namespace"
            )
        )
        for schema in (*schemas, ACCESS):
            if schema not in found:
                self._run(f"create schema {schema}")
                self._run(f"comment on schema {schema} is {text(MARK)}")
            elif not found[schema].startswith(MARK):
                raise PostgresError(
                    f"the schema {schema} is there and was not made by publish. Publish into a "
                    f"database of its own, or, if the schema may be taken over: comment on schema "
                    f"{schema} is {text(MARK)}"
                )
        roles = {name for (name,) in self._rows("select rolname from pg_roles")}
        for audience in self.declared.audiences:
            if audience.role not in roles:
                self._run(f"create role {audience.role} nologin")
        self._make_access()
        self._run(f"drop schema if exists {INCOMING} cascade")
        self._run(f"create schema {INCOMING}")

    def _make_access(self) -> None:
        """Which login reads as which supplier: rows of the operator, which publish leaves alone."""
        self._run(
            f"create table if not exists {ACCESS}.supplier_logins ("
            "login_role name primary key, supplier_id text not null)"
        )
        # The session's own login: it stays the same after `set role`, and no setting changes it.
        self._run(
            f"create or replace function {ACCESS}.own_suppliers() returns setof text "
            "language sql stable security definer set search_path = pg_catalog, pg_temp as "
            f"'select supplier_id from {ACCESS}.supplier_logins where login_role = session_user'"
        )
        self._run(f"revoke all on function {ACCESS}.own_suppliers() from public")
        self._run(f"revoke all on {ACCESS}.supplier_logins from public")

    def _ingest(self, relation: Relation) -> int:
        """A table of new rows in the schema that nobody sees."""
        columns = ", ".join(
            f"cast({column.name} as {_type(column.data_type)}) as {column.name}"
            for column in relation.columns
        )
        rows = self.source.sql(f"select {columns} from ({relation.query}) as published")
        with self.connection.cursor() as cursor:
            cursor.adbc_ingest(
                _incoming_name(relation), rows, mode="create", db_schema_name=INCOMING
            )
        [(count,)] = self._rows(f"select count(*) from {INCOMING}.{_incoming_name(relation)}")
        return count

    def _shape(self, schema: str, table: str) -> list[tuple]:
        return self._rows(
            "select attname, format_type(atttypid, atttypmod) from pg_attribute "
            "inner join pg_class on pg_class.oid = attrelid "
            "inner join pg_namespace on pg_namespace.oid = relnamespace "
            f"where nspname = {text(schema)} and relname = {text(table)} and relkind = 'r' "
            "and attnum > 0 and not attisdropped order by attnum"
        )

    def _put_in_place(self, relation: Relation) -> None:
        name = _incoming_name(relation)
        there = self._shape(relation.schema, relation.name)
        if there == self._shape(INCOMING, name):
            self._run(f"delete from {relation.path}")
            self._run(f"insert into {relation.path} select * from {INCOMING}.{name}")
            return
        if there:
            self._run(f"drop table {relation.path}")
        self._run(f"alter table {INCOMING}.{name} rename to {relation.name}")
        self._run(f"alter table {INCOMING}.{relation.name} set schema {relation.schema}")

    def _drop_others(self, relations: list[Relation]) -> None:
        schemas = ", ".join(sorted({text(each.schema) for each in relations}))
        kept = {each.path for each in relations}
        for schema, name in self._rows(
            f"select schemaname, tablename from pg_tables where schemaname in ({schemas})"
        ):
            if f"{schema}.{name}" not in kept:
                self._run(f'drop table {schema}."{name}"')

    def _comment(self, relations: list[Relation]) -> None:
        """Write descriptions that are not there yet: of all of them it would take seconds."""
        there = {
            (f"{schema}.{table}", column): comment
            for schema, table, column, comment in self._rows(
                "select nspname, relname, attname, description from pg_description "
                "inner join pg_class on pg_class.oid = objoid "
                "inner join pg_namespace on pg_namespace.oid = relnamespace "
                "left join pg_attribute on attrelid = objoid and attnum = objsubid and attnum > 0 "
                "where classoid = 'pg_class'::regclass"
            )
        }
        missing = []
        for each in relations:
            if each.comment and there.get((each.path, None)) != each.comment:
                missing.append(f"comment on table {each.path} is {text(each.comment)};")
            missing += [
                f"comment on column {each.path}.{column.name} is {text(column.comment)};"
                for column in each.columns
                if column.comment and there.get((each.path, column.name)) != column.comment
            ]
        if missing:
            self._run(f"do $refurb$ begin {' '.join(missing)} end $refurb$")

    def _restrict_rows(self, owners: dict[str, str]) -> None:
        """A supplier sees its own rows of the schema `supplier`."""
        restricted = {
            f"{schema}.{table}": condition
            for schema, table, condition in self._rows(
                "select schemaname, tablename, qual from pg_policies where policyname = 'own_rows'"
            )
        }
        enforced = {
            f"{schema}.{table}"
            for schema, table in self._rows(
                "select nspname, relname from pg_class "
                "inner join pg_namespace on pg_namespace.oid = relnamespace where relrowsecurity"
            )
        }
        for path, column in owners.items():
            if path not in enforced:
                self._run(f"alter table {path} enable row level security")
            if path not in restricted:
                self._run(
                    f"create policy own_rows on {path} for select "
                    f"to {self._supplier_role()} "
                    f"using ({column} in (select {ACCESS}.own_suppliers()))"
                )

    def _supplier_role(self) -> str:
        return next(each.role for each in self.declared.audiences if each.sees_own_rows)

    def _grant(self, relations: list[Relation]) -> None:
        """Take all rights from the roles of audiences, and give those that are declared."""
        schemas = sorted({each.schema for each in relations})
        roles = ", ".join(each.role for each in self.declared.audiences)
        named = ", ".join(schemas)
        self._run(f"revoke all on all tables in schema {named}, {ACCESS} from {roles}, public")
        self._run(f"revoke all on schema {named}, {ACCESS} from {roles}, public")
        for audience in self.declared.audiences:
            seen = [each for each in relations if _is_seen(audience, each)]
            used = sorted({each.schema for each in seen})
            self._run(f"grant usage on schema {', '.join(used)} to {audience.role}")
            self._run(f"grant select on {', '.join(each.path for each in seen)} to {audience.role}")
            if audience.sees_own_rows:
                self._run(f"grant execute on function {ACCESS}.own_suppliers() to {audience.role}")


def _is_seen(audience: Audience, relation: Relation) -> bool:
    if audience.sees_everything:
        return relation.schema != "supplier"
    # How many rows a table has is said to those alone who see all of them.
    return (
        relation.path in audience.tables
        or relation.path == PUBLICATION
        or (audience.sees_own_rows and relation.schema == "supplier")
    )


def _incoming_name(relation: Relation) -> str:
    return f"{relation.schema}__{relation.name}"


def _type(data_type: str) -> str:
    """The type that a value goes to PostgreSQL in; what has none goes as text."""
    if data_type in AS_IT_IS or data_type.startswith("DECIMAL"):
        return data_type
    return CASTS.get(data_type, "VARCHAR")
