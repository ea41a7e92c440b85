"""Measure a scale and write docs/performance.md: `make bench SCALE=1m`.

    python -m benchmarks [--scale {100k,1m,10m,100m}] [--rounds N] [--memory-limit LIMIT]
        [--no-second-build] [--without-limit] [--page-only]

Generates the extracts of the scale once (build/bench), then by turns: a whole `make build` into a
new file and the floor (benchmarks.script); a build of everything over the file that exists, one of
nothing, one of three files that changed, and one model; then the defect query of the peers and the
queries of dashboards. The figures of a scale are kept in benchmarks/results, and the page is
written from those of all scales. What was measured before a step failed is in measured.json of the
scale's folder in build/bench; the figures of the last whole run stay.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measure import measured
from benchmarks.page import write_page

SCALES = {"100k": 100_000, "1m": 1_000_000, "10m": 10_000_000, "100m": 100_000_000}
SEED = 7
PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "benchmarks" / "results"
PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "polars", "pandas", "chdb")
PEERS = ("duckdb", "polars", "pandas", "chdb")
ONE_MODEL = "mart_supplier_defects"
# The raw tables of an increment: what comes in between orders and returns.
CHANGED = ("refunds", "grade_audits", "messages")


class Bench:
    """One scale, its folder and what was measured."""

    def __init__(self, scale: str, memory_limit: str) -> None:
        self.lines = SCALES[scale]
        self.folder = PROJECT / "build" / "bench" / scale
        self.raw = self.folder / "raw"
        self.found: dict[str, Any] = {"scale": scale, "order_lines": self.lines}
        self.environment = {
            "REFURB_RAW": str(self.raw),
            "REFURB_DATABASE": str(self.folder / "dbt" / "warehouse.duckdb"),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "REFURB_MEMORY_LIMIT": memory_limit,
        }
        self.found["memory_limit"] = memory_limit
        self.found["threads"] = int(os.environ.get("REFURB_THREADS", "2"))
        (self.folder / "dbt").mkdir(parents=True, exist_ok=True)

    def say(self, what: str) -> None:
        """Progress."""
        print(f"{self.found['scale']}: {what}", flush=True)

    def run(self, name: str, *command: str) -> dict[str, Any]:
        """Cost of a command of this project."""
        self.say(name)
        log = self.folder / f"{name.replace(' ', '_')}.log"
        return measured(command, log, self.environment).as_dict()

    def take(self, steps: Iterable[Callable[[], None]]) -> None:
        """Step by step; a run of an hour that ends in its last one has kept the others."""
        for step in steps:
            step()
            self.keep(self.folder / "measured.json")

    def keep(self, file: Path) -> None:
        """What was measured so far."""
        text = json.dumps(self.found, indent=1, sort_keys=True) + "\n"
        file.write_text(text, encoding="utf-8")

    def generate(self) -> None:
        """The extracts, unless they are there."""
        if (self.raw / "truth.json").exists():
            kept = self.folder / "generated.json"
            self.found["generator"] = json.loads(kept.read_text()) if kept.exists() else None
            return
        module = (sys.executable, "-m", "refurb_warehouse", "generate")
        arguments = ("--order-lines", str(self.lines), "--seed", str(SEED), "--out", str(self.raw))
        cost = self.run("generate", *module, *arguments)
        said = (self.folder / "generate.log").read_text()
        rows = int(said.split("wrote ")[1].split(" rows")[0].replace(",", ""))
        self.found["generator"] = {**cost, "rows": rows}
        (self.folder / "generated.json").write_text(json.dumps(self.found["generator"]))

    def build(self, name: str, *flags: str, fresh: bool = False) -> None:
        """What `make build` does: all with its checks into a new file, or as flags say."""
        if fresh:
            for file in (self.folder / "dbt").glob("warehouse.duckdb*"):
                file.unlink()
        command = (sys.executable, "-m", "refurb_warehouse", "build", "--", *flags)
        self.found.setdefault(name, []).append(self.run(name, *command))
        if name == "build":
            self.found["file_mb"] = self.database.stat().st_size / 1e6
            self.found["by_kind"] = _seconds_by_kind(self.folder / "target")

    @property
    def database(self) -> Path:
        """What dbt builds."""
        return Path(self.environment["REFURB_DATABASE"])

    def floor(self) -> None:
        """The same tables by one script, and whether they are the same."""
        into = self.folder / "script" / "warehouse.duckdb"
        costs = self.folder / "script_costs.json"
        given = ("--target", str(self.folder / "target"), "--built", str(self.database))
        cost = self.run(
            "script",
            *(sys.executable, "-m", "benchmarks.script", *given),
            *("--into", str(into), "--costs", str(costs)),
        )
        self.found.setdefault("script", []).append(cost)
        self.found["script_models"] = json.loads(costs.read_text())
        self.compare("same", into)

    def compare(self, name: str, script: Path) -> None:
        """Whether the tables that were built are those of the script."""
        self.say("compare")
        compared = subprocess.run(
            [sys.executable, "-m", "benchmarks.same", str(self.database), str(script)],
            check=True,
            capture_output=True,
            text=True,
        )
        self.found[name] = json.loads(compared.stdout)

    def increments(self) -> None:
        """Builds when nothing has changed, when rows of three tables are gone, and back again."""
        self.build("nothing changed")
        for table in CHANGED:
            file, kept = self.raw / f"{table}.parquet", self.folder / f"{table}.parquet"
            shutil.copyfile(file, kept)
            subprocess.run(
                [sys.executable, "-m", "benchmarks.same", "--shorten", str(kept), str(file)],
                check=True,
            )
        try:
            self.build("three files changed")
        finally:
            for table in CHANGED:
                (self.folder / f"{table}.parquet").replace(self.raw / f"{table}.parquet")
        self.build("three files changed")
        self.compare("same after increments", self.folder / "script" / "warehouse.duckdb")

    def without_limit(self) -> None:
        """A whole build with nearly all the memory of the machine."""
        limited = self.environment["REFURB_MEMORY_LIMIT"]
        self.environment["REFURB_MEMORY_LIMIT"] = "80%"
        self.build("without limit", fresh=True)
        self.environment["REFURB_MEMORY_LIMIT"] = limited

    def one_model(self) -> None:
        """What it takes to make one mart again."""
        dbt = str(Path(sys.executable).parent / "dbt")
        run = ("run", "--select", ONE_MODEL, "--project-dir", str(PROJECT))
        self.found.setdefault("one model", []).append(self.run("one model", dbt, *run))

    def peers(self) -> None:
        """The defect query in DuckDB, polars, pandas and chdb, on the same Parquet files."""
        self.say("peers")
        folder = self.folder / "parquet"
        folder.mkdir(exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.same", "--export", str(self.database), str(folder)],
            check=True,
        )
        self.found["peers"] = {}
        for peer in PEERS:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.peers", "--folder", str(folder), "--peer", peer],
                capture_output=True,
                text=True,
                check=True,
            )
            self.found["peers"][peer] = json.loads(done.stdout.splitlines()[-1])
        answers = {tuple(found["answer"]) for found in self.found["peers"].values()}
        if len(answers) != 1:
            raise SystemExit(f"the peers disagree: {self.found['peers']}")

    def dashboards(self) -> None:
        """Ten queries as dashboards ask them."""
        self.say("dashboards")
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.dashboards", "--database", str(self.database)],
            capture_output=True,
            text=True,
            check=True,
        )
        self.found["dashboards"] = json.loads(done.stdout.splitlines()[-1])


def _seconds_by_kind(target: Path) -> dict[str, float]:
    """Seconds of threads that dbt spent on models, tests and the rest."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    kinds: dict[str, float] = {}
    for result in results:
        kind = result["unique_id"].split(".")[0]
        kinds[kind] = round(kinds.get(kind, 0.0) + result["execution_time"], 3)
    return kinds


def _machine() -> dict[str, Any]:
    """What it was measured on, without its name."""
    memory = Path("/proc/meminfo").read_text().split()[1]
    return {
        "cores": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[2], 1),
        "memory_gb": round(int(memory) / 1e6),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {package: version(package) for package in PACKAGES},
    }


def main() -> None:
    """Measure, keep the figures, write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", choices=SCALES, default="1m")
    parser.add_argument("--rounds", type=int, default=2, help="floor and build, by turns")
    parser.add_argument("--memory-limit", default="6GB", help="DuckDB's limit, for both")
    parser.add_argument(
        "--no-second-build",
        action="store_true",
        help="leave out the build of everything over an existing file",
    )
    parser.add_argument(
        "--without-limit", action="store_true", help="a build without a memory limit as well"
    )
    parser.add_argument("--page-only", action="store_true", help="write the page again")
    arguments = parser.parse_args()
    if not arguments.page_only:
        bench = Bench(arguments.scale, arguments.memory_limit)
        steps = [bench.generate]
        steps += [partial(bench.build, "build", fresh=True), bench.floor] * arguments.rounds
        if not arguments.no_second_build:
            steps.append(partial(bench.build, "second build", "--full-refresh"))
        steps += [bench.increments, bench.one_model, bench.peers, bench.dashboards]
        if arguments.without_limit:
            steps.append(bench.without_limit)
        bench.take(steps)
        bench.found["machine"] = _machine()
        RESULTS.mkdir(exist_ok=True)
        bench.keep(RESULTS / f"{arguments.scale}.json")
    write_page(RESULTS, PROJECT / "docs")


if __name__ == "__main__":
    main()
