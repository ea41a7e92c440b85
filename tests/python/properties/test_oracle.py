"""The oracle answers what was published and what can be counted by hand."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from oracle import Oracle, moment, percentile_cont, wilson
from raw_folders import GOLDEN


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2552885198782742, 0.36620957698280004),
        (15, 148, 0.06238639953073628, 0.16048724172330803),
        (0, 20, 0.0, 0.16112515805281935),
        (1, 29, 0.006113214292762661, 0.17175521879320288),
        (10, 10, 0.7224672001371107, 1.0),
    ],
)
def test_wilson_bounds_are_the_published_ones(
    part: int, whole: int, low: float, high: float
) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=1e-12)


def test_a_percentile_lies_between_the_values_beside_its_place() -> None:
    assert percentile_cont([6, 4], 0.5) == 5
    assert percentile_cont([4, 6], 0.9) == pytest.approx(5.8)
    assert percentile_cont([], 0.5) is None


def test_the_golden_case_comes_out_as_counted_by_hand() -> None:
    tables = {
        table: [
            {column: cell or None for column, cell in row.items()}
            for row in csv.DictReader(io.StringIO(text))
        ]
        for table, text in GOLDEN.items()
    }
    marts = Oracle(tables).marts()
    efficiency = marts["mart_repair_efficiency"]["A",]
    assert (efficiency["ordered_units"], efficiency["returned_units"]) == (5, 3)
    assert efficiency["repair_efficiency"] == pytest.approx(0.08)
    assert efficiency["repair_efficiency_repaired_only"] == 0
    january = marts["mart_category_defects"]["phone", "A", date(2024, 1, 1)]
    assert (january["ordered_units"], january["return_events"]) == (3, 3)
    assert january["transit_damaged_units"] == 1


def test_half_past_eleven_in_utc_is_the_next_day_in_paris() -> None:
    late = Oracle({"orders": [{"ordered_at": "2024-01-31 23:30:00"}]})
    assert moment("2024-01-31 23:30:00").date() == date(2024, 1, 31)
    assert late.as_of_date == date(2024, 2, 1)
