"""The baseline's warehouse in memory, and what it takes to compare another state with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from baseline import ROWS
from families import KEYS, gate_model

from refurb_warehouse.checks.compiled import CompiledProject, Warehouse


@dataclass
class Guarded:
    """A built warehouse with its core tables and marts."""

    warehouse: Warehouse
    kpis: list[str]

    def build(self, sql: str = "", for_: Iterable[str] = ()) -> None:
        """Make the tables again that read the raw tables in the SQL, of those that are asked for.

        Without either it is all of them. Views follow by themselves.
        """
        models = self.warehouse.project.models
        changed = [f'"raw"."{table}"' for table in re.findall(r"\braw\.(\w+)", sql)]
        touched = {
            model.name for model in models.values() if any(raw in model.sql for raw in changed)
        }
        touched |= {"stg_landing__raw_files"} if "landing.raw_files" in sql else set()
        wanted = set(for_)
        for model in reversed(models.values()):
            if model.name in wanted:
                wanted.update(model.inputs)
        stale = set()
        for model in models.values():
            if not sql or model.name in touched or stale.intersection(model.inputs):
                stale.add(model.name)
        self.warehouse.build(
            model.name
            for model in models.values()
            if model.materialized != "view"
            and model.name in stale
            and (not wanted or model.name in wanted)
        )

    def keep(self, schema: str) -> None:
        """Copy every core table and mart into a schema."""
        self.warehouse.connection.execute(f"create schema {schema}")
        for relation in self.kpis:
            self.warehouse.connection.execute(
                f"create table {schema}.{name_of(relation)} as from {relation}"
            )

    def differing(self, kept: dict[str, str]) -> list[str]:
        """Core tables and marts that are not the kept ones, row by row."""
        differences = " union all ".join(
            f"select '{name_of(relation)}' where exists ((from {relation} except all from {other}) "
            f"union all (from {other} except all from {relation}))"
            for relation, other in kept.items()
        )
        return [table for (table,) in self.warehouse.query(differences)]

    def kept(self, schema: str) -> dict[str, str]:
        """Core tables and marts, each with its copy in a schema."""
        return {relation: f"{schema}.{name_of(relation)}" for relation in self.kpis}

    def failing(self) -> dict[str, str]:
        """Data tests that find something, with their severity."""
        return {test.name: test.severity for test, _ in self.warehouse.failing_tests()}

    def rejected(self) -> Counter:
        """Rejected rows: table, key, column and reason.

        From quarantine, because health does not show the keys of people.
        """
        quarantined = " union all ".join(
            f"select '{table}', concat_ws('|', {', '.join(key)}), reject_column, reject_reason "
            f"from staging.{gate_model('quarantine', table)} where reject_reason is not null"
            for table, key in KEYS.items()
        )
        return Counter(self.warehouse.query(quarantined))


def name_of(relation: str) -> str:
    """A relation's name without its schema."""
    return relation.split(".")[-1].strip('"')


@contextmanager
def built_baseline(project: CompiledProject) -> Iterator[Guarded]:
    """The baseline, built, with its core tables and marts kept in a schema of that name."""
    with Warehouse(project) as warehouse:
        warehouse.land(ROWS)
        warehouse.build()
        guarded = Guarded(
            warehouse,
            [
                model.relation
                for model in project.models.values()
                if model.path.startswith("models/marts/") and model.materialized != "view"
            ],
        )
        guarded.keep("baseline")
        yield guarded
