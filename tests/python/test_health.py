"""What the monitors of freshness and volume say, delivery after delivery, in one database."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import ARTIFACTS, DbtRun, run_dbt
from raw_folders import GOLDEN, write_csv

FIRST_DAY, LAST_DAY = date(2024, 6, 1), date(2024, 9, 5)
ORDERS_A_DAY = 24
LOST_DAY = date(2024, 8, 14)


def orders_by_day(*, lost: date | None = None, late: int = 0) -> str:
    """The orders of the golden case and 24 on every other day, without a day, with late rows."""
    rows = [GOLDEN["orders"]]
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=number)
        if day != lost:
            rows += [f"{day}-{n},,{day} 12:00:00,,EUR,FR\n" for n in range(ORDERS_A_DAY)]
    rows += [f"late-{n},,2024-07-10 12:00:00,,EUR,FR\n" for n in range(late)]
    return "".join(rows)


@dataclass(frozen=True)
class Said:
    """What a run of dbt said, and what health said after it."""

    run: DbtRun
    warned_tests: set[str]
    findings: dict[tuple[str, str], tuple[str, float, float]]
    health: dict[str, Any]
    deliveries: int
    low_days: list[tuple]


def listen(run: DbtRun) -> Said:
    """Read a run and the health models after it."""
    results = run.artifact("run_results.json")["results"]
    [row] = run.query("select to_json(build_health) from health.build_health")
    return Said(
        run,
        {
            result["unique_id"].split(".")[2]
            for result in results
            if result["status"] == "warn" and result["unique_id"].startswith("test.")
        },
        {
            (name, table): (outcome, value, threshold)
            for name, table, outcome, value, threshold in run.query(
                """
                select finding_name, source_table, outcome, measured_value, threshold
                from health.build_findings
                """
            )
        },
        json.loads(row[0]),
        run.query("select max(delivery_number) from health.delivery_history")[0][0],
        run.query("select * from health.low_volume_days"),
    )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Said]:
    """Deliveries in a row into one database, and what was said after each."""
    folder = tmp_path_factory.mktemp("health")
    raw = folder / "raw"

    env = ARTIFACTS | {"REFURB_RAW": str(raw)}

    def dbt(*arguments: str, **variables: object) -> Said:
        return listen(run_dbt(*arguments, folder=folder, env=env, variables=variables))

    said = {}
    write_csv(raw, GOLDEN | {"orders": orders_by_day()})
    # health reads nothing of core and marts; the demo is the build of everything
    without = ("--indirect-selection", "cautious", "--exclude-resource-type", "unit_test")
    said["first"] = dbt("build", "--select", "+path:models/health", *without)
    # files are landed by every run; what staging makes of the same ones is there already
    same_extracts = ("run", "--select", "path:models/health")
    said["again"] = dbt(*same_extracts, "--full-refresh")
    write_csv(raw, {"orders": orders_by_day(lost=LOST_DAY, late=60)})
    said["worse"] = dbt("build", "--select", "+build_health", *without, max_extract_age_days=100)
    said["worse again"] = dbt(*same_extracts, max_extract_age_days=100)
    limit = ("test", "--select", "assert_rejected_share_within_limit")
    said["failing"] = dbt(*limit, max_rejected_share=-1)
    said["mended"] = dbt(*limit)
    (raw / "orders.csv").write_text("")
    said["refused"] = dbt("build")
    return said


def test_a_first_delivery_warns_of_what_is_true_alone(story: dict[str, Said]) -> None:
    """Returns and repairs of the golden case end half a year before its orders."""
    first = story["first"]
    assert first.run.returncode == 0, first.run.output[-4000:]
    assert first.warned_tests == {
        "warn_when_a_table_ends_early",
        "warn_when_returns_end_before_orders",
    }
    checks = {name: values for name, values in first.findings.items() if name[1] != "all"}
    assert checks == {
        ("freshness", "return_lines"): ("warned", 190.0, 14.0),
        ("freshness", "repairs"): ("warned", 188.0, 31.0),
    }
    assert first.health["build_status"] == "warned"
    assert first.health["as_of_date"] == str(LAST_DAY)
    assert first.health["stale_tables"] == 2
    assert first.health["tests_warned"] == 2


def test_the_same_extracts_again_are_no_delivery(story: dict[str, Said]) -> None:
    """Neither with --full-refresh, which leaves the memory alone."""
    assert story["first"].deliveries == story["again"].deliveries == 1
    assert story["again"].findings == story["first"].findings


def test_each_monitor_warns_of_its_fault(story: dict[str, Said]) -> None:
    """A lost day, rows that are gone, rows that came late, and extracts that are old."""
    worse = story["worse"]
    assert worse.run.returncode == 0, worse.run.output[-4000:]
    assert worse.warned_tests - story["first"].warned_tests == {
        "warn_when_a_day_is_missing",
        "warn_when_rows_are_missing",
        "warn_when_rows_arrive_late",
        "warn_when_extracts_are_old",
    }
    assert worse.deliveries == 2
    assert worse.low_days == [("orders", LOST_DAY, 0, 24.0)]
    # 4 orders of the golden case; June, July and August were closed on 5 September
    orders, closed = 97 * ORDERS_A_DAY + 4, 92 * ORDERS_A_DAY + 3
    assert worse.findings["row_count", "orders"] == ("warned", pytest.approx(24 / orders), 0.01)
    assert worse.findings["late_rows", "orders"] == ("warned", pytest.approx(60 / closed), 0.01)
    assert worse.findings["daily_rows", "orders"] == ("warned", 1.0, 0.0)
    assert worse.findings["extract_age", "all"][1] > worse.findings["extract_age", "all"][2] == 100
    assert worse.health["is_last_run_complete"] is False
    assert worse.health["last_run_selection"] == "+build_health"


def test_building_again_does_not_silence_a_warning(story: dict[str, Said]) -> None:
    """The comparison is with the delivery before, not with the build before."""
    worse, again = story["worse"], story["worse again"]
    assert again.deliveries == 2
    assert again.findings.keys() == worse.findings.keys()
    for check in ("row_count", "late_rows", "daily_rows"):
        assert again.findings[check, "orders"] == worse.findings[check, "orders"]


def test_a_test_that_fails_later_is_told_and_so_is_its_mending(story: dict[str, Said]) -> None:
    """`dbt test` of one test renews that test and leaves the others."""
    failing, mended = story["failing"], story["mended"]
    assert failing.run.returncode == 1
    assert failing.health["build_status"] == "failed"
    assert failing.health["tests_failed"] == 1
    assert failing.health["tests_run"] == story["worse"].health["tests_run"]
    assert failing.findings["assert_rejected_share_within_limit", "all"][0] == "failed"
    assert failing.health["last_run_command"] == "test"
    assert mended.health["build_status"] == "warned"
    assert mended.health["tests_failed"] == 0


def test_refused_extracts_leave_the_last_build_and_say_so(story: dict[str, Said]) -> None:
    """A file that cannot be read: nothing was built, and a dashboard can tell."""
    refused, before = story["refused"], story["mended"]
    assert refused.run.returncode != 0
    assert "nothing was built" in refused.run.output
    assert refused.health["build_status"] == "unfinished"
    assert refused.findings == before.findings
    assert refused.health["built_at"] == before.health["built_at"]


def test_the_demo_warns_of_its_rejected_rows_alone(demo_build: DbtRun) -> None:
    """Every warning of the demo is true: it was planted."""
    said = listen(demo_build)
    assert said.warned_tests == {"warn_about_rejected_rows"}
    assert {name for name, _table in said.findings} == {"rejected_rows", "warn_about_rejected_rows"}
    assert said.health["is_last_run_complete"] is True
    assert said.health["tests_run"] == len(
        [
            result
            for result in demo_build.artifact("run_results.json")["results"]
            if result["unique_id"].split(".")[0] in ("test", "unit_test")
        ]
    )
    assert said.health["raw_rows"] == said.health["staged_rows"] + said.health["rejected_rows"]


def test_source_freshness_asks_each_table_for_its_events(
    demo_build: DbtRun, tmp_path: Path
) -> None:
    """The column is that of the contract, and text is read as time."""
    sources = demo_build.artifact("manifest.json")["sources"].values()
    dated = [source for source in sources if source["loaded_at_field"]]
    assert len(dated) == 21
    for source in dated:
        assert source["loaded_at_field"] == source["config"]["meta"]["event_at"], source["name"]
    shutil.copy(demo_build.database, tmp_path)
    freshness = run_dbt(
        "source",
        "freshness",
        folder=tmp_path,
        env=ARTIFACTS,
        variables={"max_lag_days": {"orders": 1, "payments": 1_000_000}},
    )
    found = {
        result["unique_id"].split(".")[-1]: (result["status"], result["max_loaded_at"][:10])
        for result in freshness.artifact("sources.json")["results"]
    }
    assert found["orders"] == ("warn", "2025-12-31")
    assert found["payments"] == ("pass", "2025-12-31")
    assert set(found) == {"orders", "payments", "return_lines"}
