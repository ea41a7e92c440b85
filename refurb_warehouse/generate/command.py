"""The command `generate`: arguments, progress, and the run from settings to files."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.generate import dirt, parameters
from refurb_warehouse.generate.catalogue import World, build_world
from refurb_warehouse.generate.landing import Landing
from refurb_warehouse.generate.parameters import Settings
from refurb_warehouse.generate.simulation import Simulation, land_catalogue, land_declarations
from refurb_warehouse.generate.tables import TABLES
from refurb_warehouse.generate.truth import Truth
from refurb_warehouse.generate.writer import (
    FORMAT_OPTIONS,
    TRUTH,
    open_engine,
    replaced_folder,
    write_table,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `generate`."""
    parser.description = (
        "Write the 25 raw tables of a synthetic marketplace, and truth.json with what is planted "
        "in them. The same arguments give the same rows."
    )
    add = parser.add_argument
    add("--order-lines", type=int, required=True, metavar="N", help="order lines to write")
    add("--seed", type=int, default=1, metavar="S", help="another seed, other data (default 1)")
    add("--out", type=Path, required=True, metavar="DIR", help="folder to write, replaced whole")
    add("--format", choices=sorted(FORMAT_OPTIONS), default="parquet", help="default parquet")
    add(
        "--dirty",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="rows to add that staging must reject, as a share of each table of at least "
        f"{dirt.FEWEST_ROWS} rows (0 to {parameters.MOST_DIRT}, default 0)",
    )
    add(
        "--demo-dirt",
        action="store_true",
        help=f"add {len(dirt.DEMO_DIRT)} dirty rows, listed in {TRUTH}",
    )
    add("--suppliers", type=int, default=0, metavar="N", help="default grows with order lines")
    add("--products", type=int, default=0, metavar="N", help="default grows with order lines")
    add("--offers", type=int, default=0, metavar="N", help="default grows with order lines")
    add("--categories", type=int, default=Settings.categories, metavar="N", help="default all")
    add("--months", type=int, default=parameters.MONTHS, metavar="N", help="months up to --end")
    add(
        "--end",
        default=str(parameters.LAST_DAY),
        metavar="YYYY-MM-DD",
        help=f"last day of the data, in Europe/Paris (default {parameters.LAST_DAY})",
    )
    add(
        "--grading-drift",
        metavar="YYYY-MM",
        help="month in which half of the devices are one grade worse than announced",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Generate what the arguments ask for."""
    settings = Settings(
        order_lines=arguments.order_lines,
        seed=arguments.seed,
        folder=arguments.out,
        file_format=arguments.format,
        suppliers=arguments.suppliers,
        categories=arguments.categories,
        products=arguments.products,
        offers=arguments.offers,
        months=arguments.months,
        last_day=_day(arguments.end),
        dirty_share=arguments.dirty,
        has_demo_dirt=arguments.demo_dirt,
        grading_drift=_month(arguments.grading_drift),
    )
    generate(parameters.complete(settings))


def generate(settings: Settings) -> None:
    """Write all tables and the truth, then put them in place of the folder's last content."""
    started = time.monotonic()
    with replaced_folder(settings.folder) as folder, _progress() as progress:
        landed = folder / "landed"
        landed.mkdir()
        world = build_world(settings)
        landing = Landing(landed)
        try:
            truth = _simulate(world, landing, progress)
        finally:
            landing.close()
        rows = _write(world, landing, truth, folder, progress)
        shutil.rmtree(landed)
    seconds = time.monotonic() - started
    print(
        f"wrote {sum(rows.values()):,} rows in {len(rows)} tables "
        f"({settings.order_lines:,} order lines) to {settings.folder} in {seconds:.1f} s",
        file=sys.stderr,
    )


def _simulate(world: World, landing: Landing, progress: Progress) -> Truth:
    task = progress.add_task("order lines", total=world.settings.order_lines)
    truth = Truth(world)
    land_catalogue(world, landing)
    Simulation(world, landing, truth).run(lambda lines: progress.advance(task, lines))
    land_declarations(world, landing, truth)
    landing.finish()
    return truth


def _write(
    world: World, landing: Landing, truth: Truth, folder: Path, progress: Progress
) -> dict[str, int]:
    """Write every table and the truth; rows by table, dirt included."""
    settings = world.settings
    rows = landing.rows
    plan = (
        dirt.plan_demo(rows)
        if settings.has_demo_dirt
        else dirt.plan_share(settings.seed, settings.dirty_share, rows)
    )
    planted = {of_table.table: of_table for of_table in plan}
    task = progress.add_task("tables", total=len(TABLES))
    report: dict[str, object] = {
        "dirty_rows": {of_table.table: of_table.counts() for of_table in plan}
    }
    with open_engine(folder / "landed/spill") as engine:
        for table in TABLES:
            path = folder / f"{table}.{settings.file_format}"
            write_table(engine, landing.path(table), path, planted.get(table))
            progress.advance(task)
        if settings.has_demo_dirt:
            report["demo_dirt"] = [
                row
                for of_table in plan
                for row in dirt.describe_demo(engine, landing.path(of_table.table), of_table)
            ]
    for of_table in plan:
        rows[of_table.table] += len(of_table.rows)
    truth.write(folder / TRUTH, rows, report)
    return rows


@contextmanager
def _progress() -> Iterator[Progress]:
    """Bars on a terminal's stderr, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield progress


def _month(text: str | None) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError as error:
        raise RefurbError(f"--grading-drift is {text}: give a month as YYYY-MM") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RefurbError(f"--end is {text}: give a day as YYYY-MM-DD") from error
