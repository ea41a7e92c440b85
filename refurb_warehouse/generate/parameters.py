"""What a run is asked for, with defaults that grow with the number of order lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.generate.clock import Clock
from refurb_warehouse.generate.vocabulary import CATEGORIES

LAST_DAY = date(2025, 12, 31)
MONTHS = 36
FEWEST_SUPPLIERS = 4
MOST_DIRT = 0.05
DEMO_FEWEST_LINES = 3_000


@dataclass(frozen=True)
class Settings:
    """One run. Shares are 0 to 1; a size of 0 is to be chosen by `complete`."""

    order_lines: int
    seed: int
    folder: Path
    file_format: str = "parquet"
    suppliers: int = 0
    categories: int = len(CATEGORIES)
    products: int = 0
    offers: int = 0
    months: int = MONTHS
    last_day: date = LAST_DAY
    dirty_share: float = 0.0
    has_demo_dirt: bool = False
    grading_drift: date | None = None  # first day of the month
    chunk_lines: int = 100_000


def complete(settings: Settings) -> Settings:
    """Check the settings and fill the sizes that were left at 0."""
    _check(settings)
    lines = settings.order_lines
    suppliers = settings.suppliers or min(max(round(lines**0.43), FEWEST_SUPPLIERS + 4), 2_000)
    products = settings.products or min(
        max(round(1.6 * lines**0.5), settings.categories * 3), 5_000
    )
    offers = settings.offers or min(max(lines // 40, 6 * suppliers), 50_000)
    return replace(settings, suppliers=suppliers, products=products, offers=offers)


def _check(settings: Settings) -> None:
    """Refuse what makes no sense, and say how to mend it."""
    if settings.order_lines < 1:
        raise RefurbError(f"--order-lines is {settings.order_lines}: give at least 1")
    if not 0 <= settings.dirty_share <= MOST_DIRT:
        raise RefurbError(
            f"--dirty is {settings.dirty_share}: give a share between 0 and {MOST_DIRT}"
        )
    if settings.seed < 0:
        raise RefurbError(f"--seed is {settings.seed}: give 0 or more")
    if settings.suppliers and settings.suppliers < FEWEST_SUPPLIERS:
        raise RefurbError(f"--suppliers is {settings.suppliers}: give at least {FEWEST_SUPPLIERS}")
    if not 2 <= settings.categories <= len(CATEGORIES):
        raise RefurbError(f"--categories is {settings.categories}: give 2 to {len(CATEGORIES)}")
    if settings.products and settings.products < settings.categories:
        raise RefurbError(
            f"--products is {settings.products}: give at least one for each of the "
            f"{settings.categories} categories"
        )
    if settings.offers < 0:
        raise RefurbError(f"--offers is {settings.offers}: give at least 1")
    if not 1 <= settings.months <= 120:
        raise RefurbError(f"--months is {settings.months}: give 1 to 120")
    drift = settings.grading_drift
    if drift and drift not in Clock(settings.last_day, settings.months).months:
        raise RefurbError(
            f"--grading-drift is {drift:%Y-%m}: give one of the {settings.months} months up to "
            f"{settings.last_day:%Y-%m}"
        )
    if settings.has_demo_dirt and settings.order_lines < DEMO_FEWEST_LINES:
        raise RefurbError(
            f"--demo-dirt plants 12 rows and needs at least {DEMO_FEWEST_LINES} order lines, "
            f"or a table would lose over 1 %"
        )
    if settings.has_demo_dirt and settings.dirty_share:
        raise RefurbError("--demo-dirt and --dirty exclude each other: give one of them")
    if settings.last_day >= date.today():
        raise RefurbError(f"--end is {settings.last_day}: give a day in the past")
