"""What `audiences.yml` declares: what is published, and who sees what of it.

A declaration becomes a query on the published tables, so that files and PostgreSQL show the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from refurb_warehouse.errors import RefurbError

DECLARATIONS = Path(__file__).with_name("audiences.yml")
OWN_SCHEMA, MARKET_SCHEMA = "supplier", "market"


@dataclass(frozen=True)
class Audience:
    """Readers with the same rights."""

    name: str
    role: str
    is_naming_suppliers: bool
    sees_everything: bool
    sees_own_rows: bool
    tables: tuple[str, ...]


@dataclass(frozen=True)
class MarketRule:
    """When a figure of the marketplace tells of no single supplier."""

    suppliers: int
    remainder: float


@dataclass(frozen=True)
class MarketTable:
    """A table of figures over all suppliers, made for those who may not see one of them."""

    name: str
    table: str
    comment: str
    rows: str | None = None
    by: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    total: str | None = None
    add_up: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarketColumns:
    """Columns of a supplier's row that compare it with the marketplace."""

    columns: tuple[str, ...]
    cells: str
    units: str
    by: tuple[str, ...] = ()
    pooled: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnRows:
    """A table of which a supplier sees its own rows."""

    name: str
    table: str
    own: str
    rows: str | None = None
    without: tuple[str, ...] = ()
    market: MarketColumns | None = None


@dataclass(frozen=True)
class Declarations:
    """All of `audiences.yml`."""

    schemas: tuple[str, ...]
    health: dict[str, tuple[str, ...]]
    pseudonyms: frozenset[str]
    left_out: frozenset[str]
    rule: MarketRule
    market: tuple[MarketTable, ...]
    own_rows: tuple[OwnRows, ...]
    audiences: tuple[Audience, ...] = field(default=())

    def audience(self, name: str) -> Audience:
        """The audience of that name."""
        return next(each for each in self.audiences if each.name == name)

    def missing_tables(self, published: set[str]) -> list[str]:
        """Tables that are declared and not published."""
        named = {table for audience in self.audiences for table in audience.tables}
        named |= {each.table for each in (*self.market, *self.own_rows)}
        named |= {each.market.cells for each in self.own_rows if each.market}
        return sorted(named - published - {f"{MARKET_SCHEMA}.{each.name}" for each in self.market})


@cache
def declarations(file: Path = DECLARATIONS) -> Declarations:
    """Read the declarations; they are part of the package."""
    try:
        return _declarations(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise RefurbError(
            f"{file} cannot be read: {error!r}. Its head says what it holds."
        ) from None


def _declarations(read: dict[str, Any]) -> Declarations:
    health: dict[str, tuple[str, ...]] = {}
    for entry in read["health"]:
        for name, options in entry.items() if isinstance(entry, dict) else [(entry, {})]:
            health[name] = tuple(options.get("without", ()))
    return Declarations(
        schemas=tuple(read["schemas"]),
        health=health,
        pseudonyms=frozenset(read["pseudonyms"]),
        left_out=frozenset(read["left_out"]),
        rule=MarketRule(**read["market_rule"]),
        market=tuple(_market_table(name, entry) for name, entry in read["market"].items()),
        own_rows=tuple(_own_rows(name, entry) for name, entry in read["own_rows"].items()),
        audiences=tuple(
            Audience(
                name,
                entry["role"],
                entry["names_suppliers"],
                entry.get("everything", False),
                entry.get("own_rows", False),
                tuple(entry.get("tables", ())),
            )
            for name, entry in read["audiences"].items()
        ),
    )


def _market_table(name: str, entry: dict[str, Any]) -> MarketTable:
    cells = entry.get("cells", {})
    return MarketTable(
        name,
        entry["table"],
        entry["comment"],
        entry.get("rows"),
        tuple(entry.get("by", ())),
        tuple(cells.get("by", ())),
        cells.get("total"),
        tuple(entry.get("add_up", ())),
    )


def _own_rows(name: str, entry: dict[str, Any]) -> OwnRows:
    market = entry.get("market")
    return OwnRows(
        name,
        entry["table"],
        entry.get("own", "supplier_id"),
        entry.get("rows"),
        tuple(entry.get("without", ())),
        market
        and MarketColumns(
            tuple(market["columns"]),
            market["cells"],
            market.get("units", "ordered_units"),
            tuple(market.get("by", ())),
            tuple(market.get("pooled", ())),
        ),
    )


# ------------------------------------------------------------------------------------ as queries


def market_query(each: MarketTable, rule: MarketRule) -> str:
    """Rows of a table of the schema `market`, from the published tables."""
    if not each.add_up:
        whole = _cells("quality.mart_supplier_defects", "ordered_units", ())
        return f"""
            with cells as ({whole}), judged as ({_judged((), rule)})
            select * from {each.table}
            where ({each.rows}) and coalesce((select is_shown from judged), false)
        """
    by, cell = ", ".join(each.by), ", ".join(each.cells)
    sums = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in each.add_up)
    units = each.add_up[0]
    # What is left out of a total is judged as one cell.
    return f"""
        with cells as ({_cells(each.table, units, each.cells)}),
        judged as ({_judged(each.cells, rule)}),
        hidden as (
            select cells.{each.total}, cells.supplier_id, sum(cells.units) as units
            from cells inner join judged using ({cell})
            where not judged.is_shown
            group by all
        ),
        judged_hidden as ({_judged((each.total,), rule, "hidden")})
        select {by}, {sums}
        from {each.table}
        inner join judged using ({cell})
        left join judged_hidden using ({each.total})
        where judged.is_shown and coalesce(judged_hidden.is_shown, true)
        group by {by}
        order by {cell}
    """


def own_rows_query(each: OwnRows, columns: list[str], rule: MarketRule) -> str:
    """Rows of all suppliers for the schema `supplier`; who reads sees those of his own."""
    own = each.own
    kept = [name for name in columns if name not in each.without]
    where = f"where {each.rows}" if each.rows else ""
    if not each.market:
        return f"select {', '.join(kept)} from {each.table} {where}"
    market = each.market
    shown = ", ".join(
        f"case when judged.is_shown then rows_of_all.{name} end as {name}"
        if name in market.columns
        else f"rows_of_all.{name}"
        for name in kept
    )
    if market.pooled:
        # A supplier is compared with all who share a cell with it, as if they were one cell.
        shared = " and ".join(f"mine.{name} = theirs.{name}" for name in market.pooled)
        cells = f"""
            select
                mine.supplier_id as reader,
                theirs.supplier_id,
                sum(theirs.{market.units}) as units
            from {market.cells} as mine inner join {market.cells} as theirs on {shared}
            where mine.{market.units} > 0 and theirs.{market.units} > 0
            group by all
        """
        by, joined = ("reader",), f"judged.reader = rows_of_all.{own}"
    else:
        cells, by = _cells(market.cells, market.units, market.by), market.by
        joined = " and ".join(f"judged.{name} = rows_of_all.{name}" for name in by) or "true"
    return f"""
        with cells as ({cells}), judged as ({_judged(by, rule)}),
        rows_of_all as (select * from {each.table} {where})
        select {shown} from rows_of_all left join judged on {joined}
    """


def _cells(table: str, units: str, by: tuple[str, ...]) -> str:
    """Units of each supplier in each cell."""
    keys = "".join(f"{name}, " for name in by)
    return (
        f"select {keys}supplier_id, sum({units}) as units from {table} "
        f"where {units} > 0 group by all"
    )


def _judged(by: tuple[str, ...], rule: MarketRule, cells: str = "cells") -> str:
    """Whether the rule lets the figure of a cell be shown."""
    keys = "".join(f"{name}, " for name in by)
    return f"""
        select {keys}
            count(*) >= {rule.suppliers}
            and sum(units) - list_sum(list_reverse_sort(list(units))[:2])
                >= {rule.remainder} * max(units) as is_shown
        from {cells}
        group by all
    """
