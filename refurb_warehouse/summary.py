"""The command `summary`: which suppliers' devices come back most, read from a finished build."""

from __future__ import annotations

import argparse
import math
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from rich import box
from rich.console import Console
from rich.table import Table

from refurb_warehouse.errors import RefurbError

DEFAULT_DATABASE = "build/refurb.duckdb"
FEWEST_UNITS = 30
NORMAL_QUANTILE = 1.959963984540054

# A cohort is an order month of a supplier: sums of its parts, never an average of its rates.
COHORTS = """
    select
        cohorts.supplier_id,
        any_value(suppliers.supplier_name),
        cast(sum(cohorts.ordered_units) as bigint),
        cast(sum(cohorts.returned_units) as bigint)
    from quality.mart_supplier_defects as cohorts
    left join core.dim_suppliers as suppliers on cohorts.supplier_id = suppliers.supplier_id
    where cohorts.is_mature_30d
    group by cohorts.supplier_id
    having sum(cohorts.ordered_units) > 0
    order by cohorts.supplier_id
"""

HEALTH = """
    select as_of_date, rejected_rows, raw_rows, build_status, tests_run, tests_failed
    from health.build_health
"""

# Checks with their tables; tests are counted above, and rejected rows have a line of their own.
FINDINGS = """
    select finding_name, string_agg(source_table, ', ' order by source_table)
    from health.build_findings
    where finding_type = 'check' and finding_name <> 'rejected_rows'
    group by finding_name
    order by finding_name
"""


@dataclass(frozen=True)
class SupplierReturns:
    """Units that a supplier sold in mature months, and how many of them came back."""

    supplier_id: str
    name: str
    ordered_units: int
    returned_units: int | None

    @property
    def bounds(self) -> tuple[float, float]:
        """Wilson 95 % bounds of the return rate."""
        return wilson_bounds(self.returned_units or 0, self.ordered_units)


@dataclass(frozen=True)
class Summary:
    """What a finished build says in a few lines."""

    suppliers: list[SupplierReturns]
    as_of_date: date | None
    rejected_rows: int
    raw_rows: int
    build_status: str
    tests_run: int
    tests_failed: int
    findings: list[tuple[str, str]]

    @property
    def is_returns_known(self) -> bool:
        """False when no return extract was delivered: then nothing is known, not nothing back."""
        return any(supplier.returned_units is not None for supplier in self.suppliers)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `summary`."""
    parser.description = "Print the suppliers whose devices come back most, from a finished build."
    parser.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        help=f"file of the build (default REFURB_DATABASE, without it {DEFAULT_DATABASE})",
    )
    parser.add_argument("--top", type=int, default=10, metavar="N", help="rows (default 10)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Read the database and print the table."""
    database = arguments.database or Path(os.environ.get("REFURB_DATABASE") or DEFAULT_DATABASE)
    show(read_summary(database), database, arguments.top, Console(highlight=False))


def wilson_bounds(successes: int, trials: int) -> tuple[float, float]:
    """95 % bounds of a proportion (Wilson 1927), the formula of macros/statistics/wilson.sql."""
    squared = NORMAL_QUANTILE**2
    middle = successes + squared / 2
    spread = NORMAL_QUANTILE * math.sqrt(successes * (trials - successes) / trials + squared / 4)
    low, high = ((middle + side * spread) / (trials + squared) for side in (-1, 1))
    return max(0.0, low), min(1.0, high)


def rank(suppliers: list[SupplierReturns]) -> list[SupplierReturns]:
    """Suppliers with enough units, worst first.

    By the lower bound: one return of five units is 20 %, but little is known of that supplier.
    """
    rankable = [
        supplier
        for supplier in suppliers
        if supplier.ordered_units >= FEWEST_UNITS and supplier.returned_units is not None
    ]
    return sorted(rankable, key=lambda supplier: (-supplier.bounds[0], supplier.supplier_id))


def read_summary(database: Path) -> Summary:
    """Read the summary from a build, without writing to it."""
    if not database.is_file():
        raise RefurbError(f"{database} is not there: run make build first")
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            suppliers = [
                SupplierReturns(supplier_id, name or supplier_id, ordered, returned)
                for supplier_id, name, ordered, returned in connection.execute(COHORTS).fetchall()
            ]
            health = connection.execute(HEALTH).fetchone()
            findings = connection.execute(FINDINGS).fetchall()
    except duckdb.CatalogException as error:
        raise RefurbError(
            f"{database} does not hold a finished build: run make build first "
            f"({str(error).splitlines()[0]})"
        ) from error
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise RefurbError(
                f"{database} is locked: a build or another program is writing to it. "
                "Try again when it has ended."
            ) from error
        raise RefurbError(f"{database} cannot be read as a DuckDB file: {error}") from error
    return Summary(suppliers, *health, findings)


def show(summary: Summary, database: Path, top: int, console: Console) -> None:
    """Print the summary; 80 columns are enough."""
    console.print()
    console.print("[bold]Suppliers whose devices come back most[/bold]")
    console.print("Units ordered in months that have had at least 30 days to come back.")
    ranked = rank(summary.suppliers)
    if not summary.suppliers:
        console.print("No order month is that old yet.")
    elif not summary.is_returns_known:
        console.print("No rate can be given: return extracts were not delivered.")
    elif not ranked:
        console.print(f"No supplier has {FEWEST_UNITS} units or more.")
    else:
        console.print(_table(ranked[:top]))
        console.print(_footnote(summary.suppliers, ranked, top))
    console.print()
    console.print(f"As of date     {summary.as_of_date or 'unknown'}")
    console.print(
        f"Rejected rows  {summary.rejected_rows:,} of {summary.raw_rows:,}, "
        "with reasons in health.rejected_rows"
    )
    console.print(
        f"Last build     {summary.build_status}: {summary.tests_run} tests, "
        f"{summary.tests_failed} failed; see health.build_findings"
    )
    for check, tables in summary.findings:
        console.print(f"Warning        {check}: {tables}", soft_wrap=True)
    console.print(f"Database       {database}", soft_wrap=True)


def _table(suppliers: list[SupplierReturns]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Supplier", overflow="ellipsis", no_wrap=True, max_width=30)
    for heading in ("Units", "Returned", "Rate", "95 % bounds"):
        table.add_column(heading, justify="right", no_wrap=True)
    for supplier in suppliers:
        returned = supplier.returned_units or 0
        low, high = supplier.bounds
        table.add_row(
            supplier.name,
            f"{supplier.ordered_units:,}",
            f"{returned:,}",
            _percent(returned / supplier.ordered_units),
            f"{_percent(low)} - {_percent(high)}",
        )
    return table


def _footnote(suppliers: list[SupplierReturns], ranked: list[SupplierReturns], top: int) -> str:
    ordered = sum(supplier.ordered_units for supplier in suppliers)
    returned = sum(supplier.returned_units or 0 for supplier in suppliers)
    parts = [
        f"All {len(suppliers)} suppliers: {returned:,} of {ordered:,} units, "
        f"{_percent(returned / ordered)}.",
        "Ordered by the lower bound.",
    ]
    if len(ranked) > top:
        parts.append(f"{len(ranked) - top} more are not shown.")
    if left_out := len(suppliers) - len(ranked):
        parts.append(f"{left_out} with fewer than {FEWEST_UNITS} units not ranked.")
    return " ".join(parts)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
