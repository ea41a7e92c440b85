"""Deliveries in a row, each built as an increment, leave what one build of the last one makes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random

from contents import LOG_OF_BUILDS, content, relations
from examples import FEWEST, examples
from extracts import Row, Tables, extracts, readable
from hypothesis import given, note
from hypothesis import strategies as st

from refurb_warehouse.build import Inputs, Plan, Remembered, planned, selection
from refurb_warehouse.checks.compiled import CompiledProject, Warehouse

# What a delivery does to a table that it touches.
CHANGES = ("late", "corrected", "deleted", "replayed", "out of order")


def delivered(tables: Tables, other: Tables, chance: Random) -> Tables:
    """The next delivery: some tables with rows that came late, were corrected or are gone."""
    after = dict(tables)
    for table in chance.sample(sorted(tables), chance.randint(1, 3)):
        change = chance.choice(CHANGES)
        note(f"{table}: {change}")
        after[table] = _changed(tables[table], other.get(table, []), change, chance)
    return after


def _changed(rows: list[Row], others: list[Row], change: str, chance: Random) -> list[Row]:
    few = max(1, len(rows) // 10)
    if change == "late":
        return rows + others[:few]
    if change == "deleted":
        return rows[few:]
    if change == "out of order":
        return chance.sample(rows, len(rows))
    if change == "corrected" and rows and others:
        # under its own key, with what another row says
        key = next(iter(rows[0]))
        return [{**others[0], key: row[key]} if n < few else row for n, row in enumerate(rows)]
    return rows


def plan(before: Tables, now: Tables) -> Plan:
    """What `make build` would build, the content of tables standing for that of their files."""
    was, found = (
        Inputs("", {f"{table}.csv": repr(rows) for table, rows in tables.items()})
        for tables in (before, now)
    )
    return planned(Remembered(was), found)


def models_of(compiled: CompiledProject, project: Path, made: Plan) -> Iterable[str]:
    """The models that dbt would select."""
    flags = selection(project, made)
    sources = {flag.removeprefix("source:").rstrip("+") for flag in flags if "source:" in flag}
    named = [name for name, model in compiled.models.items() if sources.intersection(model.sources)]
    reached = {model for name in named for model in (name, *compiled.descendants(name))}
    return [name for name in compiled.models if name in reached]


@examples(FEWEST)
@given(tables=extracts(), other=extracts(), seed=st.integers(0, 2**32), number=st.integers(1, 2))
def test_increments_equal_one_build(
    compiled_project: CompiledProject,
    project: Path,
    tables: Tables,
    other: Tables,
    seed: int,
    number: int,
) -> None:
    """Every table and view of the warehouse, to the last bit."""
    note(readable(tables))
    chance = Random(seed)
    with Warehouse(compiled_project) as increment, Warehouse(compiled_project) as whole:
        increment.land(tables)
        increment.build()
        for _ in range(number):
            before, tables = tables, delivered(tables, other, chance)
            increment.land(tables)
            increment.build(models_of(compiled_project, project, plan(before, tables)))
        whole.land(tables)
        whole.build()
        differing = [
            name
            for name in sorted(set(relations(whole.connection)))
            if name not in LOG_OF_BUILDS
            and content(increment.connection, name) != content(whole.connection, name)
        ]
    assert differing == []
