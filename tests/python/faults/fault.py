"""The words in which the catalogue of faults is written: what is done, and how it must end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Add:
    """One more row: the last one of the table under a key of its own, with these cells instead."""

    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Write:
    """The same row written another way: these cells of the row that has this key."""

    key: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Run:
    """SQL on the raw tables.

    Where rows go bad by it, `takes` has all that must be set aside, as table and keys; the KPIs are
    those of the baseline without these rows and with the SQL of `leaves`.
    """

    sql: str
    takes: str = ""
    leaves: str = ""


@dataclass(frozen=True)
class Spoil:
    """SQL on what was built, as a wrong model or a hand in the database would leave it."""

    sql: str


@dataclass(frozen=True)
class File:
    """The table's file with other bytes; `name` when it is not `<table>.csv`.

    `note` is what the build must say of it, though it takes it.
    """

    content: Callable[[str], bytes]
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class NoFile:
    """The table has no file."""


@dataclass(frozen=True)
class Rejected:
    """The row is set aside for this reason, and the KPIs are those of the others."""

    column: str
    reason: str


@dataclass(frozen=True)
class Unchanged:
    """Nothing is set aside and every KPI is as before; `staged` has the cells that differ."""

    staged: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gives:
    """Nothing is set aside, and the query answers this one row."""

    query: str
    answer: tuple


@dataclass(frozen=True)
class Fails:
    """The build fails in this test."""

    test: str


@dataclass(frozen=True)
class Warns:
    """The build warns by this test."""

    test: str


@dataclass(frozen=True)
class Stops:
    """Nothing is built, and one finding has all these parts: file, place and remedy."""

    parts: tuple[str, ...]


Outcome = Rejected | Unchanged | Gives | Fails | Warns | Stops


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, or looks as if it did."""

    name: str
    table: str
    edit: Add | Write | Run | Spoil | File | NoFile
    outcome: Outcome

    def __str__(self) -> str:
        """Its name among the tests."""
        return f"{self.table}: {self.name}"
