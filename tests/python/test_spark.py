"""What can be said of the Spark target without a cluster; `make test-spark` starts one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from conftest import DbtRun

from refurb_warehouse.checks.spark import Dbt, Outcome, compare_table, tables_to_compare
from scripts.spark_cluster import Cluster, ClusterError, children, free_ports, is_alive

PROJECT = Path(__file__).resolve().parents[2]


def compared(tmp_path: Path, here: str, there: str, key: str = "k") -> Outcome:
    """What the comparison finds between a table of DuckDB and a file of Spark."""
    outcome = Outcome("planted")
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        connection.execute(f"create table core.one as {here}")
        file = tmp_path / "one.parquet"
        connection.execute(f"copy ({there}) to '{file}' (format parquet)")
        compare_table(connection, outcome, "core.one", f"read_parquet('{file}')", [key])
    return outcome


def test_equal_tables_have_no_finding(tmp_path: Path) -> None:
    rows = "select range as k, null as nothing, 1.5 as amount, 0.1::double as share from range(5)"
    outcome = compared(tmp_path, rows, rows + " order by k desc")
    assert (outcome.tables, outcome.rows, outcome.differing) == (1, 5, 0)
    assert outcome.findings == []


@pytest.mark.parametrize(
    ("here", "there", "differing"),
    [
        ("select 1 as k, 'a' as v", "select 1 as k, 'b' as v", 1),
        ("select 1 as k, 'a' as v", "select 1 as k, null::varchar as v", 1),
        ("select 1 as k, null::varchar as v", "select 1 as k, '' as v", 1),
        ("select 1 as k, 1.5::decimal(9, 4) as v", "select 1 as k, 1.5001::decimal(9, 4) as v", 1),
        ("select 1 as k, 1::double as v", "select 1 as k, 1.00000001::double as v", 1),
        ("select 1 as k, 1::double as v", "select 1 as k, 1.0000000001::double as v", 0),
        ("select 1 as k, 0::double as v", "select 1 as k, 1e-30::double as v", 1),
        ("select 1 as k, 'nan'::double as v", "select 1 as k, 1::double as v", 1),
        ("select 1 as k, 'nan'::double as v", "select 1 as k, 'nan'::double as v", 0),
        ("select 1 as k, 2 as v", "select 2 as k, 2 as v", 2),
        ("select 1 as k union all select 2", "select 1 as k", 1),
        ("select 1 as k", "select 1 as k union all select 2", 1),
        ("select 1 as k, 2 as v", "select 1 as k, 2::bigint as v", 1),
        ("select 1 as k, 2 as v", "select 1 as k", 1),
    ],
)
def test_a_planted_difference_is_found(
    tmp_path: Path, here: str, there: str, differing: int
) -> None:
    outcome = compared(tmp_path, here, there)
    assert outcome.differing == differing
    assert bool(outcome.findings) == bool(differing)


def test_a_key_that_stands_twice_differs(tmp_path: Path) -> None:
    outcome = compared(tmp_path, "select 1 as k", "select 1 as k union all select 1")
    assert outcome.differing > 0


def test_every_mart_has_a_key_to_compare_it_by(demo_build: DbtRun) -> None:
    tables = tables_to_compare(demo_build.artifact("manifest.json"))
    built = demo_build.query(
        "select table_schema || '.' || table_name from information_schema.tables where "
        "table_schema in ('core', 'quality', 'satisfaction', 'repairs', 'service', 'grading')"
    )
    assert sorted(tables) == sorted(name for (name,) in built)


def test_a_process_that_ended_is_not_alive() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_alive(process.pid)
    assert process.pid in children(os.getpid())
    process.communicate(b"\n")
    assert not is_alive(process.pid)


def test_free_ports_differ() -> None:
    assert len(set(free_ports(7))) == 7


def test_a_cluster_without_java_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ClusterError, match="Java"):
        Cluster(tmp_path / "cluster").start()


def test_stopping_what_does_not_run_is_no_error(tmp_path: Path) -> None:
    Cluster(tmp_path).stop()


def test_the_project_parses_for_spark(tmp_path: Path) -> None:
    dbt = Dbt("spark", tmp_path / "raw", tmp_path)
    finished = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "parse", "--target", "spark"],
        cwd=PROJECT,
        env=dbt.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout
    nodes = dbt.manifest()["nodes"].values()
    assert not [n["name"] for n in nodes if n.get("language") == "python"]
    assert not [
        n["name"] for n in nodes if n["resource_type"] == "model" and n["fqn"][1] == "health"
    ]
