"""Change the SQL of every model, one place at a time, and see whether a dbt test notices.

    python -m refurb_warehouse.checks.mutants [--sample N | --known] [--subject NAME]
        [--report FILE]

Builds the demo warehouse once in build/mutants, then tries the mutants in memory, in parallel. A
verdict of an earlier run is taken over where nothing that it depends on has changed since.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track

from refurb_warehouse.checks.compiled import CompiledProject
from refurb_warehouse.checks.mutants import generation, operators, trial
from refurb_warehouse.checks.mutants.generation import BED_SUFFIX, Mutant, all_mutants
from refurb_warehouse.checks.mutants.report import (
    LAYERS,
    TARGET,
    as_markdown,
    stale,
    tallies,
    unexplained,
)
from refurb_warehouse.checks.mutants.review import REVIEWED, read_findings
from refurb_warehouse.checks.mutants.trial import (
    Verdict,
    flaws_of_bench,
    judge_on_bench,
    start_bench,
)

FOLDER = Path("build/mutants")
BUILD_OUTPUT = "build_output.txt"


def build_demo(folder: Path) -> CompiledProject:
    """The demo warehouse, built and tested by dbt in a folder of its own."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DBT_", "REFURB_"))
    }
    environment |= {
        "REFURB_DATABASE": str(folder / "refurb.duckdb"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_USE_COLORS": "false",
    }
    folder.mkdir(parents=True, exist_ok=True)
    # on a database that is there already, incremental models would read what memory does not have
    for left_over in folder.glob("refurb.duckdb*"):
        left_over.unlink()
    finished = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "build"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode:
        sys.exit(
            f"{finished.stdout[-6000:]}\nThe demo warehouse does not build: mutants say nothing."
        )
    (folder / BUILD_OUTPUT).write_text(finished.stdout, encoding="utf-8")
    return CompiledProject.read(folder / "target", folder / "refurb.duckdb")


def sampled(mutants: list[Mutant], size: int | None) -> list[Mutant]:
    """A fixed sample: the same mutants as long as the places that they change are the same."""
    return mutants if size is None else sorted(mutants, key=lambda mutant: mutant.id)[:size]


def fingerprints(project: CompiledProject) -> dict[str, str]:
    """By subject what changes with whatever its verdicts may depend on.

    That is the queries of the model, of all that reads it and of all that those read, their tests,
    and the seeds that are named in any of them.
    """
    tools = [Path(module.__file__).read_text("utf-8") for module in (generation, operators, trial)]
    seeds = {file.stem: file.read_text("utf-8") for file in sorted(Path("seeds").rglob("*.csv"))}
    ancestors: dict[str, set[str]] = {}
    for name, model in project.models.items():
        ancestors[name] = {name}.union(*(ancestors[key] for key in model.inputs))
    marks = {}
    for name in project.models:
        touched = {name, *project.descendants(name)}
        related = set().union(*(ancestors[key] for key in touched))
        marks[name] = _digest(
            [
                *tools,
                *(model.sql for key, model in project.models.items() if key in related),
                *(test.sql for test in project.unit_tests if test.model == name),
                *(test.sql for test in project.data_tests if touched.intersection(test.inputs)),
            ],
            seeds,
        )
    beds = {test.name: test.sql for test in project.data_tests if test.name.endswith(BED_SUFFIX)}
    return marks | {name: _digest([*tools, sql], {}) for name, sql in beds.items()}


def _digest(queries: list[str], seeds: dict[str, str]) -> str:
    text = "\n".join(queries)
    named = [content for name, content in seeds.items() if re.search(rf'"{name}"', text)]
    return hashlib.sha256("\n".join([text, *named]).encode()).hexdigest()[:16]


class Results:
    """Verdicts on disk, one a line, so that a stopped run loses none and the next one none that
    still holds."""

    def __init__(self, path: Path, marks: dict[str, str]) -> None:
        self.path = path
        self.marks = marks
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        rows = [row for row in map(_as_row, lines) if row]
        rows = [row for row in rows if row.get("mark") == marks.get(row.get("subject"), "")]
        # written anew: a line that was cut off when the run was stopped would spoil the next one
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        self.known = {row["id"]: (row["outcome"], row["by"]) for row in rows}

    def add(self, verdict: Verdict) -> None:
        """Remember a verdict."""
        row = verdict.as_row() | {"mark": self.marks[verdict.mutant.subject]}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def _as_row(line: str) -> dict | None:
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None


def try_all(mutants: list[Mutant], benches: Executor, results: Results) -> Iterator[Verdict]:
    """A verdict for each mutant, those of an earlier run first."""
    waiting = []
    for mutant in mutants:
        if mutant.id in results.known:
            yield Verdict(mutant, *results.known[mutant.id])
        else:
            waiting.append(mutant)
    for verdict in benches.map(judge_on_bench, waiting, chunksize=4):
        results.add(verdict)
        yield verdict


def main(argv: list[str] | None = None) -> int:
    """Try the mutants and print the scores; 1 when a score is below the target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, help="try a fixed sample of so many, not all")
    parser.add_argument("--subject", action="append", help="only this model; may be repeated")
    parser.add_argument(
        "--known", action="store_true", help="try none, report on the models that are done"
    )
    parser.add_argument("--report", type=Path, help="write the report to this file")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    arguments = parser.parse_args(argv)
    console = Console(stderr=True)
    started = time.monotonic()

    folder = FOLDER.resolve()
    console.print("Building the demo warehouse")
    project = build_demo(folder)
    findings = read_findings()
    database = (folder / "target", folder / "refurb.duckdb")
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(arguments.processes, spawning, start_bench, database) as benches:
        # the mutants are listed meanwhile
        flaws = [benches.submit(flaws_of_bench, tests) for tests in ("unit tests", "data tests")]
        mutants = list(all_mutants(project, arguments.subject))
        number = len(mutants)
        of_each = Counter(mutant.subject for mutant in mutants)
        mutants = sampled(mutants, arguments.sample)
        results = Results(folder / "results.jsonl", fingerprints(project))
        if arguments.known:
            # of a model that was begun, verdicts that were taken over are of those that were killed
            begun = {mutant.subject for mutant in mutants if mutant.id not in results.known}
            mutants = [mutant for mutant in mutants if mutant.subject not in begun]
        if failing := [name for found in flaws for name in found.result()]:
            sys.exit(f"These tests fail in memory before anything is changed: {', '.join(failing)}")
        trials = try_all(mutants, benches, results)
        verdicts = list(
            track(
                trials, "Trying mutants", total=len(mutants), console=console,
                disable=not console.is_terminal,
            )
        )  # fmt: skip
    verdicts.sort(key=lambda verdict: (verdict.mutant.subject, verdict.mutant.node))

    layers, _, total = tallies(verdicts, findings, project)
    for name in LAYERS:
        if name in layers:
            tally = layers[name]
            print(f"{name:<13}{tally.score:7.1%}  {tally.killed} killed, {tally.survived} survived")
    print(
        f"{'all':<13}{total.score:7.1%}  {total.tried} mutants, {total.killed} killed, "
        f"{total.survived} survived, {total.equivalent} equivalent, {total.stillborn} stillborn, "
        f"in {time.monotonic() - started:.0f} s"
    )
    for verdict in unexplained(verdicts, findings):
        print(f"SURVIVED  {verdict.mutant.subject}: {verdict.mutant.describe()}")
    is_whole = not (arguments.sample or arguments.subject or len(mutants) < number)
    outdated = stale(verdicts, findings) if is_whole else []
    for finding in outdated:
        print(f"OUTDATED  {REVIEWED.name}: no survivor is like this any more: {finding}")
    if arguments.report:
        today = datetime.now(tz=UTC).date()
        text = as_markdown(
            verdicts,
            findings,
            project,
            today,
            of_all=number if arguments.sample and len(mutants) < number else None,
            of_each=of_each if arguments.known else None,
        )
        arguments.report.write_text(text, encoding="utf-8")
    scores = [total.score] if not is_whole else [tally.score for tally in layers.values()]
    return 1 if min(scores) < TARGET or outdated else 0


if __name__ == "__main__":
    sys.exit(main())
