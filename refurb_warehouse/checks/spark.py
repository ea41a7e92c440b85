"""Check that Apache Spark builds the same tables as DuckDB, also when a worker dies in mid-build.

    python -m refurb_warehouse.checks.spark [--order-lines N] [--no-kill] [--folder FOLDER]

Builds the demo extracts and generated ones on DuckDB and on a cluster of this machine, and compares
every table of core and of the marts row for row: exactly, doubles to a relative 1e-9. During the
last build a worker and its executor are killed with signal 9 when half of the models are done.
Gradings are judged by the suggestions of the platform on both sides: Spark trains no grade model.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from scripts.spark_cluster import Cluster, ClusterError

FOLDER = Path("build/spark_check")
SEEDS = Path("seeds/raw")
TOLERANCE = 1e-9
# More audits than there are: no model is trained, as on Spark.
NO_MODEL = json.dumps({"grade_model_min_audits": 10**9})
MODELS = ("--select", "+path:models/marts", "+resource_type:seed")
NO_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
# In memory, because nobody comes back to the tables: on disk it takes a fifth of the build.
CATALOGUE = {
    "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:metastore;create=true"
}
# What says why there is no model: the one thing that is meant to differ.
REASONS = {
    "core.dim_grade_models": {"status", "remedy", "training_audits", "trained_until"},
    "grading.mart_grade_model_quality": {"training_audits"},
}
TYPES = {"TIMESTAMP WITH TIME ZONE": "TIMESTAMP"}


class CheckError(Exception):
    """The check could not be carried out."""


@dataclass
class Outcome:
    """What the comparison of one build found."""

    name: str
    tables: int = 0
    rows: int = 0
    findings: list[str] = field(default_factory=list)
    differing: int = 0

    def line(self) -> str:
        """The outcome in one line."""
        return (
            f"{self.name}: {self.tables} tables, {self.rows} rows compared, "
            f"{self.differing} rows differ"
        )


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def demo_as_parquet(folder: Path) -> Path:
    """The demo extracts as Parquet, every value the text that it is in its file."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for file in sorted(SEEDS.glob("*.csv")):
            connection.execute(
                f"copy (from read_csv('{file}', header = true, all_varchar = true)) "
                f"to '{folder / file.stem}.parquet' (format parquet)"
            )
    return folder.resolve()


def generated(folder: Path, order_lines: int) -> Path:
    """Generated extracts with some dirty rows."""
    command = [sys.executable, "-m", "refurb_warehouse", "generate"]
    options = ["--order-lines", str(order_lines), "--dirty", "0.01", "--seed", "7"]
    subprocess.run(
        [*command, *options, "--out", str(folder)], check=True, stdout=subprocess.DEVNULL
    )
    return folder.resolve()


class Dbt:
    """A run of dbt on one target, with its output in a file."""

    def __init__(
        self, target: str, raw: Path, folder: Path, environment: dict[str, str] | None = None
    ) -> None:
        self.target = target
        self.log = folder / f"{target}.log"
        self.output = folder / target
        self.environment = os.environ | {
            "REFURB_RAW": str(raw),
            "REFURB_DATABASE": str(folder / "refurb.duckdb"),
            "REFURB_SALT": os.environ.get("REFURB_SALT", ""),
            "DBT_TARGET_PATH": str(self.output),
            "DBT_LOG_PATH": str(self.output),
            "DBT_USE_COLORS": "false",
            **(environment or {}),
        }

    def start(self) -> subprocess.Popen:
        """Start the build."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        dbt = Path(sys.executable).with_name("dbt")
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [
                    *(str(dbt), "build", "--target", self.target),
                    *(*MODELS, *NO_TESTS, "--vars", NO_MODEL),
                ],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def models_done(self) -> int:
        """Models that are built by now, as the log says."""
        return self.log.read_text(errors="replace").count(" OK created ")

    def finish(self, process: subprocess.Popen) -> None:
        """Wait for the end of the build, which must have succeeded."""
        if process.wait() != 0:
            said = self.log.read_text(errors="replace").splitlines()
            shown = [line for line in said if "ERROR" in line or "Error" in line]
            raise CheckError(
                f"the build on {self.target} failed ({self.log}):\n" + "\n".join(shown[:20])
            )

    def manifest(self) -> dict:
        """The manifest of the build."""
        return json.loads((self.output / "manifest.json").read_text())


def tables_to_compare(manifest: dict) -> dict[str, list[str]]:
    """Core and mart tables with the columns of their keys: of the constraint, or of the test."""
    tested = {
        node["attached_node"]: node["test_metadata"]["kwargs"]["columns"]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "unique_grain"
    }
    tables = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["fqn"][1] == "marts":
            keys = [c["columns"] for c in node["constraints"] if c["type"] == "primary_key"]
            keys += [
                [name]
                for name, column in node["columns"].items()
                if any(c["type"] == "primary_key" for c in column["constraints"])
            ]
            keys = keys or [tested.get(node["unique_id"], [])]
            if not keys[0]:
                raise CheckError(f"{node['name']} has no key to compare its rows by.")
            tables[f"{node['schema']}.{node['alias']}"] = keys[0]
    return tables


def column_types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Columns of a relation and their types."""
    described = connection.execute(f"describe select * from {relation}").fetchall()
    return {row[0].lower(): TYPES.get(row[1], row[1]) for row in described}


def unlike(column: str, data_type: str) -> str:
    """SQL that is true where a column differs between both sides."""
    here, there = f"d.{column}", f"s.{column}"
    differs = f"{here} is distinct from {there}"
    if data_type in ("DOUBLE", "FLOAT"):
        near = f"abs({here} - {there}) <= {TOLERANCE} * greatest(abs({here}), abs({there}))"
        finite = f"isfinite({here}) and isfinite({there})"
        return f"({differs} and not coalesce({finite} and {near}, false))"
    return f"({differs})"


def compare(name: str, dbt: Dbt, database: Path, warehouse: Path) -> Outcome:
    """Compare every table that both engines built from the same extracts."""
    outcome = Outcome(name)
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table, key in sorted(tables_to_compare(dbt.manifest()).items()):
            schema, model = table.split(".")
            files = (
                f"read_parquet('{warehouse}/{schema}.db/{model}/**/*.parquet', "
                "hive_partitioning = true)"
            )
            try:
                compare_table(connection, outcome, table, files, key)
            except duckdb.Error as error:
                outcome.findings.append(f"{table}: {str(error).splitlines()[0]}")
                outcome.differing += 1
    return outcome


def compare_table(
    connection: duckdb.DuckDBPyConnection, outcome: Outcome, table: str, files: str, key: list[str]
) -> None:
    """Compare one table with the files of its counterpart, and add what is found."""
    types, other_types = column_types(connection, table), column_types(connection, files)
    for column in sorted(types.keys() | other_types.keys()):
        if types.get(column) != other_types.get(column):
            outcome.findings.append(
                f"{table}.{column}: {types.get(column)} on DuckDB, "
                f"{other_types.get(column)} on Spark"
            )
            outcome.differing += 1
    shared = [name for name in types if name in other_types]
    compared = [name for name in shared if name not in REASONS.get(table, ()) and name not in key]
    same_key = " and ".join(f"d.{column} = s.{column}" for column in key)
    tests = [unlike(column, types[column]) for column in compared]
    matched = f"d.{key[0]} is not null and s.{key[0]} is not null"
    counts = "".join(f", count(*) filter (where {matched} and {test})" for test in tests)
    count = f"select count(*), count(*) - count(distinct ({', '.join(key)}))"
    here, repeated_here = connection.execute(f"{count} from {table}").fetchone()
    there, repeated_there = connection.execute(f"{count} from {files}").fetchone()
    differing, *by_column = connection.execute(
        f"select count(*) filter (where not ({matched}) or {' or '.join(tests) or 'false'}) "
        f"{counts} from {table} as d full join {files} as s on {same_key}"
    ).fetchone()
    # a key that stands twice matches twice
    differing += repeated_here + repeated_there
    outcome.tables += 1
    outcome.rows += here
    outcome.differing += differing
    if differing:
        columns = [f"{name} {n}" for name, n in zip(compared, by_column, strict=True) if n]
        outcome.findings.append(
            f"{table}: {here} rows on DuckDB, {there} on Spark, {differing} differ "
            f"({', '.join(columns) or 'keys'})"
        )


def kill_in_mid_build(cluster: Cluster, dbt: Dbt, process: subprocess.Popen, at: int) -> list[str]:
    """Kill a worker and its executor once so many models are built."""
    while dbt.models_done() < at:
        if process.poll() is not None:
            raise CheckError("the build ended before a worker could be killed.")
        time.sleep(0.2)
    victims = cluster.kill_worker()
    if len(victims) < 2:
        raise CheckError("the worker had no executor: nothing that counts was killed.")
    return [
        f"killed worker and executor (processes {victims}) with {dbt.models_done()} models built"
    ]


def what_was_lost(cluster: Cluster) -> str:
    """What the server says of the death, which it must have noticed."""
    said = (cluster.folder / "logs" / "thrift.log").read_text(errors="replace")
    executors, tasks = said.count(" Lost executor "), said.count(" Lost task ")
    if not executors:
        raise CheckError("the server lost no executor: nothing that counts was killed.")
    return f"Spark lost {executors} executor(s) and {tasks} running task(s), and went on"


def check(cluster: Cluster, folder: Path, order_lines: int, with_kill: bool) -> list[Outcome]:
    """Build and compare each of the extracts."""
    worlds = {
        "demo": demo_as_parquet(folder / "raw_demo"),
        f"{order_lines} order lines": generated(folder / "raw_generated", order_lines),
    }
    say("generated the extracts")
    built: dict[str, Dbt] = {}

    def build_on_duckdb() -> None:
        for number, (name, raw) in enumerate(worlds.items()):
            dbt = Dbt("duckdb", raw, folder / f"world{number}")
            started = time.monotonic()
            dbt.finish(dbt.start())
            built[name] = dbt
            say(f"{name}: built on DuckDB in {time.monotonic() - started:.0f} s")

    builder = threading.Thread(target=build_on_duckdb)
    builder.start()
    started = time.monotonic()
    try:
        cluster.start(CATALOGUE)
        say(f"started the cluster in {time.monotonic() - started:.0f} s")
    finally:
        builder.join()
    if len(built) < len(worlds):
        raise CheckError("a build on DuckDB failed.")
    outcomes = []
    models = 0
    for number, (name, raw) in enumerate(worlds.items()):
        place = folder / f"world{number}"
        dbt = Dbt("spark", raw, place, cluster.environment)
        started, used = time.monotonic(), cluster.cpu_seconds()
        process = dbt.start()
        killed = with_kill and number == len(worlds) - 1
        if killed:
            for line in kill_in_mid_build(cluster, dbt, process, models // 2):
                say(f"{name}: {line}")
        dbt.finish(process)
        models = dbt.models_done()
        say(
            f"{name}: built {models} models on Spark in {time.monotonic() - started:.0f} s "
            f"({cluster.cpu_seconds() - used:.0f} s of processor time of the cluster)"
        )
        if killed:
            say(f"{name}: {what_was_lost(cluster)}")
        title = f"{name}, a worker killed in mid-build" if killed else name
        outcomes.append(compare(title, dbt, place / "refurb.duckdb", cluster.folder / "warehouse"))
        say(outcomes[-1].line())
        for finding in outcomes[-1].findings:
            say(f"  {finding}")
    return outcomes


def main(argv: list[str] | None = None) -> int:
    """Run the check; the exit code is 1 when any row differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--order-lines", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--no-kill", action="store_true", help="kill no worker")
    arguments = parser.parse_args(argv)
    folder = arguments.folder.resolve()
    cluster = Cluster(folder / "cluster")
    # of a check that was broken off
    cluster.stop()
    for left in ("cluster", "world0", "world1"):
        shutil.rmtree(folder / left, ignore_errors=True)
    started = time.monotonic()
    try:
        outcomes = check(cluster, folder, arguments.order_lines, not arguments.no_kill)
    except (CheckError, ClusterError) as error:
        say(f"error: {error}")
        return 1
    finally:
        cluster.stop()
    differing = sum(outcome.differing for outcome in outcomes)
    say(f"took {time.monotonic() - started:.0f} s, {differing} rows differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
