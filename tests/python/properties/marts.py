"""The marts of an extract: built in memory, read as plain values, compared."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from refurb_warehouse.checks.compiled import CompiledProject, Warehouse

Mart = Mapping[tuple, Mapping[str, Any]]
Marts = Mapping[str, Mart]


@dataclass
class MartBuilder:
    """Builds what extracts become, in one database after the other; the same is built once."""

    project: CompiledProject
    instead: Mapping[str, str] = field(default_factory=dict)
    warehouse: Warehouse = field(init=False)
    _built: dict[str, Marts] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.warehouse = Warehouse(self.project)
        marts = {
            name: model for name, model in self.project.models.items() if name.startswith("mart_")
        }
        keys = {name: model.key for name, model in marts.items()}
        # a mart of single units is a step: what it says is added up in those that read it
        self.keys = {name: key for name, key in keys.items() if "order_line_id" not in key}
        self.models = {name: marts[name] for name in self.keys}

    def marts(self, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> Marts:
        """Rows of every mart by their keys."""
        if repr(tables) not in self._built:
            self._build(tables)
        return self._built[repr(tables)]

    def rejected_rows(self, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> list[tuple]:
        """What the gate sets aside: table, key, column, value and reason."""
        self._build(tables, "rejected_rows")
        return self.warehouse.query(f"from {self.project.models['rejected_rows'].relation}")

    def failing_tests(self, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> list[str]:
        """Data tests that would stop the build."""
        self.warehouse.land(tables)
        self.warehouse.build(instead=self.instead)
        failing = self.warehouse.failing_tests()
        return [f"{test.name}: {found} rows" for test, found in failing if test.severity == "error"]

    def inputs_of(self, *names: str) -> list[str]:
        """These models and all that they read, in building order."""
        reached = set(names)
        for name in reversed(self.project.models):
            if name in reached:
                reached.update(self.project.models[name].inputs)
        return [name for name in self.project.models if name in reached]

    def _build(self, tables: Mapping[str, Iterable[Mapping[str, Any]]], *more: str) -> None:
        self.warehouse.land(tables)
        self.warehouse.build(self.inputs_of(*self.models, *more), self.instead)
        self._built[repr(tables)] = {name: self._read(name) for name in self.models}

    def _read(self, name: str) -> Mart:
        cursor = self.warehouse.connection.execute(f"from {self.models[name].relation}")
        columns = [column[0] for column in cursor.description]
        rows = (dict(zip(columns, row, strict=True)) for row in cursor.fetchall())
        keys = self.keys[name]
        return {tuple(row.pop(key) for key in keys): row for row in rows}


def is_additive(column: str, value: Any) -> bool:
    """Whether a measure adds up: counts, amounts and what is called a sum; no mean, no rate."""
    if column.endswith(("_number", "_rank", "_age_days")):
        return False
    is_exact = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return is_exact or column.endswith("_sum")


def same(left: Any, right: Any) -> bool:
    """Equal; numbers to nine decimals, because sums of fractions depend on their order."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float | Decimal) and isinstance(right, int | float | Decimal):
        return math.isclose(float(left), float(right), rel_tol=1e-9, abs_tol=1e-9)
    return left == right


def differences(found: Marts, expected: Marts) -> Iterator[str]:
    """Every cell in which marts differ from the expected ones, as a sentence."""
    for name, rows in expected.items():
        for key in sorted(set(rows) | set(found[name]), key=repr):
            where = f"{name} {', '.join(map(str, key))}"
            if key not in found[name] or key not in rows:
                yield f"{where}: a row is {'missing' if key in rows else 'too many'}"
                continue
            left, right = found[name][key], rows[key]
            for column in dict.fromkeys([*left, *right]):
                value, wanted = left.get(column, "no column"), right.get(column, "no column")
                if not same(value, wanted):
                    yield f"{where}: {column} is {value}, expected {wanted}"
