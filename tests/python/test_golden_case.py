"""The golden mini-case from raw files to marts, through every layer, as CSV and as Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from conftest import DbtRun, run_dbt
from raw_folders import GOLDEN, to_typed_parquet, write_csv

from refurb_warehouse.checks.compiled import CompiledProject, Warehouse

# What is asked below, without the tests of it.
ASKED = (
    *("--exclude-resource-type", "test", "--select", "+mart_supplier_defects"),
    *("+mart_category_defects", "+mart_repair_efficiency", "+mart_category_repairs"),
    *("+mart_supplier_satisfaction", "+source_coverage"),
)


@pytest.fixture(scope="module", params=["csv", "parquet"])
def golden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DbtRun:
    """The warehouse built from the golden case's files."""
    folder = tmp_path_factory.mktemp(f"golden_{request.param}")
    raw = write_csv(folder / "csv", GOLDEN)
    if request.param == "parquet":
        raw = to_typed_parquet(raw, folder / "parquet")
    # the data tests see the same rows in either format: once is enough
    part = [] if request.param == "csv" else ASKED
    build = run_dbt(
        *("build", "--exclude-resource-type", "unit_test", *part),
        folder=folder,
        env={"REFURB_RAW": str(raw)},
    )
    assert build.returncode == 0, build.output[-6000:]
    return build


def one_row(build: DbtRun | Warehouse, sql: str) -> tuple:
    rows = build.query(sql)
    assert len(rows) == 1, rows
    return rows[0]


def test_supplier_rates(golden: DbtRun) -> None:
    """3 of 5 came back, 1 of 5 for a confirmed defect, 1 of 5 was damaged in transit."""
    assert one_row(
        golden,
        """
        select sum(ordered_units), sum(returned_units), sum(return_events),
            sum(defect_returned_units), sum(confirmed_defect_units), sum(transit_damaged_units)
        from quality.mart_supplier_defects
        """,
    ) == (5, 3, 4, 1, 1, 1)


def test_category_rates(golden: DbtRun) -> None:
    """Phones 3 of 4, laptops 0 of 1."""
    assert golden.query(
        """
        select category, sum(returned_units), sum(ordered_units)
        from quality.mart_category_defects group by category order by category
        """
    ) == [("laptop", 0, 1), ("phone", 3, 4)]


def test_cohort_is_the_month_in_paris(golden: DbtRun) -> None:
    """The order at 23:30 UTC on 31 January is one of February."""
    assert golden.query(
        """
        select strftime(order_month, '%Y-%m'), ordered_units, is_mature_30d, is_mature_365d
        from quality.mart_supplier_defects order by order_month
        """
    ) == [
        ("2024-01", 3, True, False),
        ("2024-02", 1, True, False),
        ("2024-09", 1, False, False),
    ]


def test_repairs(golden: DbtRun) -> None:
    """Mean turnaround of 5 days, one unit of one repaired again, index 0.08 and 0."""
    assert one_row(
        golden,
        """
        select return_rate, mean_turnaround_days, repeat_repair_rate, repair_efficiency,
            repair_efficiency_repaired_only
        from repairs.mart_repair_efficiency
        """,
    ) == (0.6, 5.0, 1.0, pytest.approx(0.08, abs=1e-12), 0.0)


def test_repair_cost(golden: DbtRun) -> None:
    """Only the first repair has all its costs: 60 euros on a unit sold for 200."""
    assert one_row(
        golden,
        """
        select costed_repairs, mean_repair_cost_eur, repair_cost_ratio
        from repairs.mart_category_repairs where category = 'phone'
        """,
    ) == (1, 60.0, pytest.approx(0.3))


def test_absent_tables_give_null_and_not_zero(golden: DbtRun) -> None:
    """No file of shipments or ratings: what they would tell is unknown."""
    assert one_row(
        golden,
        "select sum(delivered_units), count(delivered_units) from quality.mart_supplier_defects",
    ) == (None, 0)
    assert one_row(
        golden,
        """
        select rated_lines, rating_count, avg_rating, delivered_lines, response_rate
        from satisfaction.mart_supplier_satisfaction
        """,
    ) == (None, None, None, None, None)
    absent = golden.query("select source_table from health.source_coverage where not is_present")
    assert len(absent) == 26 - len(GOLDEN)


@pytest.fixture(scope="module")
def without_returns(compiled_project: CompiledProject) -> Iterator[Warehouse]:
    """The warehouse of the golden case without the file of returns and those that need it."""
    kept = {
        table: list(csv.DictReader(text.splitlines()))
        for table, text in GOLDEN.items()
        if table not in ("return_lines", "defects", "repairs")
    }
    with Warehouse(compiled_project) as warehouse:
        warehouse.land(kept)
        warehouse.build()
        yield warehouse


def test_without_returns_every_data_test_passes(without_returns: Warehouse) -> None:
    failing = without_returns.failing_tests()
    assert [test.name for test, _ in failing if test.severity == "error"] == []


def test_without_returns_no_rate_is_known(without_returns: Warehouse) -> None:
    """Deleting the file of returns makes every return measure null, from the fact to the marts."""
    assert one_row(
        without_returns,
        """
        select sum(ordered_units), count(returned_units), count(return_events),
            count(return_rate), count(return_rate_high), count(defect_return_rate),
            count(confirmed_defect_rate), count(transit_damaged_units)
        from quality.mart_supplier_defects
        """,
    ) == (5, 0, 0, 0, 0, 0, 0, 0)
    assert one_row(
        without_returns,
        """
        select return_rate, repair_events, repaired_units, repair_efficiency
        from repairs.mart_repair_efficiency
        """,
    ) == (None, None, None, None)
