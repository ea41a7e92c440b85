"""The command `summary`: the verdict on each supplier, read from a finished build."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from refurb_warehouse.finished_build import DEFAULT_DATABASE, database_file, reading

SUPPLIERS = """
    select
        supplier_id,
        coalesce(supplier_name, supplier_id),
        verdict,
        quality_rank,
        ordered_units,
        returned_units,
        defect_returned_units,
        observed_expected_ratio,
        observed_expected_ratio_low,
        observed_expected_ratio_high
    from quality.mart_supplier_scorecard
    where ordered_units > 0
    order by quality_rank nulls last, supplier_id
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
class SupplierVerdict:
    """A supplier's units of mature months, and how its defects compare with those of its peers."""

    supplier_id: str
    name: str
    verdict: str
    rank: int | None
    ordered_units: int
    returned_units: int | None
    defect_returned_units: int | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None


@dataclass(frozen=True)
class Summary:
    """What a finished build says in a few lines."""

    suppliers: list[SupplierVerdict]
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
    parser.description = "Print the verdict on each supplier, from a finished build."
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
    database = database_file(arguments.database)
    show(read_summary(database), database, arguments.top, Console(highlight=False))


def read_summary(database: Path) -> Summary:
    """Read the summary from a build, without writing to it."""
    with reading(database) as connection:
        suppliers = [SupplierVerdict(*row) for row in connection.execute(SUPPLIERS).fetchall()]
        health = connection.execute(HEALTH).fetchone()
        findings = connection.execute(FINDINGS).fetchall()
    return Summary(suppliers, *health, findings)


def show(summary: Summary, database: Path, top: int, console: Console) -> None:
    """Print the summary; 80 columns are enough."""
    console.print()
    console.print("[bold]Suppliers by what their defects exceed[/bold]")
    console.print("Months that have had at least 30 days to come back.")
    ranked = [supplier for supplier in summary.suppliers if supplier.rank is not None]
    if not summary.suppliers:
        console.print("No order month is that old yet.")
    elif not summary.is_returns_known:
        console.print("No rate can be given: return extracts were not delivered.")
    elif not ranked:
        console.print("No supplier has enough units to be ranked.")
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


def _table(suppliers: list[SupplierVerdict]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Supplier", overflow="ellipsis", no_wrap=True, max_width=22)
    for heading in ("Units", "Returned", "Defect", "Against peers", "Verdict"):
        table.add_column(heading, justify="left" if heading == "Verdict" else "right", no_wrap=True)
    for supplier in suppliers:
        table.add_row(
            supplier.name,
            f"{supplier.ordered_units:,}",
            _percent((supplier.returned_units or 0) / supplier.ordered_units),
            _percent((supplier.defect_returned_units or 0) / supplier.ordered_units),
            f"{supplier.ratio:.1f} ({supplier.ratio_low:.1f} - {supplier.ratio_high:.1f})",
            supplier.verdict,
        )
    return table


def _footnote(suppliers: list[SupplierVerdict], ranked: list[SupplierVerdict], top: int) -> str:
    ordered = sum(supplier.ordered_units for supplier in suppliers)
    returned = sum(supplier.returned_units or 0 for supplier in suppliers)
    verdicts = Counter(supplier.verdict for supplier in suppliers)
    parts = [
        "Against peers: defects over those that its categories and months bring elsewhere, with "
        "95 % bounds.",
        f"All {len(suppliers)} suppliers: {returned:,} of {ordered:,} units returned, "
        f"{_percent(returned / ordered)}; "
        + ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
        + ".",
    ]
    if len(ranked) > top:
        parts.append(f"{len(ranked) - top} more are not shown.")
    return " ".join(parts)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
