"""The golden mini-case from raw files to marts, through every layer, as CSV and as Parquet.

The CSV files come in two deliveries, of which the second is built as an increment.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT, DbtRun, run_dbt
from contents import content
from raw_folders import GOLDEN, to_typed_parquet, write_csv

from refurb_warehouse.build import Plan, build, inputs, planned, remembered
from refurb_warehouse.checks.compiled import CompiledProject, Warehouse
from refurb_warehouse.publishing.readiness import attached, green_build

# What is asked below, without the tests of it.
ASKED = (
    *("--exclude-resource-type", "test", "--select", "+mart_supplier_defects"),
    *("+mart_category_defects", "+mart_repair_efficiency", "+mart_category_repairs"),
    *("+mart_supplier_satisfaction", "+source_coverage"),
)
# What was known of the golden case before: a return is missing, another undecided, and one defect
# is of a unit that turns out to have none.
EARLIER = {
    "return_lines": GOLDEN["return_lines"]
    .replace("R4,L3,1,25,2024-02-10 00:00:00,,accepted,,,refunded,\n", "")
    .replace(
        "2024-02-10 00:00:00,,accepted,,,refunded,", "2024-02-10 00:00:00,,pending,,,pending,"
    ),
    "defects": GOLDEN["defects"].replace(
        "D2,R4,screen,major,true,carrier,", "D3,R2,screen,minor,true,supplier,"
    ),
}

NODES_OF_LAST_RUN = """
    select node_name from health.dbt_results
    where run_id = (select max_by(run_id, happened_at) from health.dbt_runs)
"""


@dataclass
class Deliveries:
    """The golden case in a folder of CSV files, built as `make build` does."""

    folder: Path
    runs: list[DbtRun] = field(default_factory=list)
    selected: list[list[str]] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """What is built."""
        return self.folder / "refurb.duckdb"

    @property
    def environment(self) -> dict[str, str]:
        """Names the files."""
        return {"REFURB_RAW": str(self.folder / "csv")}

    def deliver(self, tables: dict[str, str]) -> int:
        """Write the files of these tables and build."""
        write_csv(self.folder / "csv", tables)
        return build(PROJECT, self.database, [], self.environment, self._dbt)

    def plan_of(self, database: Path) -> Plan:
        """What the next build would make, had this one left such a database."""
        return planned(remembered(database), inputs(PROJECT, [], self.environment))

    def _dbt(self, flags: Sequence[str]) -> int:
        self.selected.append([flag for flag in flags if flag.startswith("source:")])
        # unit tests are of the code, and the demo's build has run them
        said = flags or ["--exclude-resource-type", "unit_test"]
        run = run_dbt("build", *said, folder=self.folder, env=self.environment)
        self.runs.append(run)
        return run.returncode


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Deliveries:
    """The golden case in two deliveries, each of them built."""
    made = Deliveries(tmp_path_factory.mktemp("golden_csv"))
    for delivery in (GOLDEN | EARLIER, GOLDEN):
        assert made.deliver(delivery) == 0, made.runs[-1].output[-6000:]
    return made


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> DbtRun:
    """What is asked below, built from Parquet files: data tests have seen the same rows as CSV."""
    folder = tmp_path_factory.mktemp("golden_parquet")
    raw = to_typed_parquet(write_csv(folder / "csv", GOLDEN), folder / "parquet")
    run = run_dbt(
        *("build", "--exclude-resource-type", "unit_test", *ASKED),
        folder=folder,
        env={"REFURB_RAW": str(raw)},
    )
    assert run.returncode == 0, run.output[-6000:]
    return run


@pytest.fixture(scope="module", params=["csv", "parquet"])
def golden(request: pytest.FixtureRequest) -> DbtRun:
    """The warehouse built from the golden case's files."""
    if request.param == "parquet":
        return request.getfixturevalue("parquet")
    return request.getfixturevalue("deliveries").runs[-1]


def one_row(built: DbtRun | Warehouse, sql: str) -> tuple:
    rows = built.query(sql)
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


def test_a_second_delivery_builds_what_reads_it(deliveries: Deliveries) -> None:
    """Everything the first time, then what reads the two files that changed."""
    assert deliveries.selected[:2] == [
        [],
        ["source:marketplace.defects+", "source:marketplace.return_lines+"],
    ]
    made = {name for (name,) in deliveries.runs[1].query(NODES_OF_LAST_RUN)}
    assert {"fct_returns", "mart_supplier_defects"} <= made
    assert not {"dim_products", "fct_session_days", "quarantine_marketplace__orders"} & made


def test_an_increment_equals_a_whole_build(
    deliveries: Deliveries, compiled_project: CompiledProject
) -> None:
    """Late, corrected and deleted rows: every table of core and marts, to the last bit."""
    whole = [
        f"{model.schema}.{model.name}"
        for model in compiled_project.models.values()
        if model.path.startswith("models/marts/")
    ]
    assert len(whole) > 100
    with (
        Warehouse(compiled_project) as expected,
        duckdb.connect(str(deliveries.database), read_only=True) as found,
    ):
        expected.land({t: list(csv.DictReader(text.splitlines())) for t, text in GOLDEN.items()})
        expected.build()
        differing = [
            name for name in whole if content(found, name) != content(expected.connection, name)
        ]
    assert differing == []


def test_what_was_built_in_increments_may_be_published(deliveries: Deliveries) -> None:
    """With the tables that the increment left alone."""
    with attached(deliveries.database) as connection:
        built = green_build(connection, deliveries.database)
    assert {"dim_products", "mart_supplier_defects"} <= built.models


def test_a_delivery_twice_builds_nothing(deliveries: Deliveries) -> None:
    """The files are written anew, with the same content."""
    runs = len(deliveries.runs)
    assert deliveries.deliver(GOLDEN) == 0
    assert len(deliveries.runs) == runs


@pytest.mark.parametrize(
    ("happened", "files"),
    [
        ("select 1", ()),
        # a row of tomorrow is sound the day after, though no file has changed
        (
            "insert into health.rejected_rows values "
            "('repairs', 'F9', 'finished_at', '2099-01-01', 'in the future')",
            ("repairs.csv",),
        ),
        # another build, which was killed, or of which nobody noted what it was made from
        (
            "insert into health.dbt_runs values "
            "('later', 'started', '2099-01-01', 'build', '', true)",
            None,
        ),
        # a data test that failed when it was run alone
        (
            "insert into health.dbt_results select run_id, 'test.t', 't', 'test', 'fail', 1 "
            "from health.build_inputs limit 1",
            None,
        ),
    ],
    ids=["nothing", "a day", "another build", "a failing test"],
)
def test_what_happens_between_two_builds_counts(
    deliveries: Deliveries, tmp_path: Path, happened: str, files: tuple[str, ...] | None
) -> None:
    copy = Path(shutil.copy(deliveries.database, tmp_path))
    with duckdb.connect(str(copy)) as connection:
        connection.execute(happened)
    assert deliveries.plan_of(copy).files == files


def test_a_seed_that_is_loaded_alone_counts(deliveries: Deliveries, tmp_path: Path) -> None:
    """It may be other than what the tables were made from, though the file is as it was again."""
    copy = Path(shutil.copy(deliveries.database, tmp_path))
    seeded = run_dbt(
        *("seed", "--select", "return_reasons"),
        folder=tmp_path,
        env=deliveries.environment,
    )
    assert seeded.returncode == 0, seeded.output[-4000:]
    assert deliveries.plan_of(copy).files is None


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
