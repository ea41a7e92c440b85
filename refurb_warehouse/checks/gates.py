"""Run the gates of the project: all of them, or those named.

    python -m refurb_warehouse.checks.gates [GATE ...]

Every gate runs whatever the one before it found, so that one run shows all there is to mend; the
last lines say which passed. The exit code is 1 when any did not. What the linter of SQL says comes
late: it runs beside other gates.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from refurb_warehouse.checks.mutants import __main__ as mutants

SQL_FOLDERS = ("models", "tests", "analyses", "snapshots")


@dataclass(frozen=True)
class Gate:
    """A command that must succeed, and the gate without which it means nothing.

    One that is long and uses one core runs beside those after it, but for one that wants all.
    """

    name: str
    catches: str
    command: tuple[str, ...]
    needs: str | None = None
    is_beside: bool = False
    is_alone: bool = False


def gates(project: Path) -> list[Gate]:
    """All gates, in the order in which they run."""
    folders = [folder for folder in SQL_FOLDERS if (project / folder).is_dir()]
    python = (sys.executable, "-m")
    return [
        Gate("ruff", "faults in Python", (*python, "ruff", "check", ".")),
        Gate("format", "layout of Python", (*python, "ruff", "format", "--check", ".")),
        Gate(
            "sqlfluff",
            "layout and traps in SQL",
            # two processes: the gates beside it leave half a core
            (*python, "sqlfluff", "lint", *folders, "--processes", "2", "--nocolor"),
            is_beside=True,
        ),
        Gate(
            "strict-parse",
            "misplaced keys and deprecated spellings in dbt files",
            (*python, "refurb_warehouse.checks.strict_parse"),
        ),
        Gate(
            "conventions",
            "layers, keys, contracts, descriptions, names",
            (*python, "refurb_warehouse.checks.conventions"),
            needs="strict-parse",
        ),
        Gate(
            "mutants",
            "changed SQL that no dbt test notices, on a fixed sample",
            (*python, "refurb_warehouse.checks.mutants", "--sample", "150"),
        ),
        Gate(
            "pytest",
            "wrong numbers: builds the warehouse",
            # a file of tests to each process in turn, in the order of tests/python/conftest.py:
            # most wait for a dbt that uses one core
            (
                *(*python, "pytest", "--numprocesses", "2", "--dist", "loadfile"),
                "--no-loadscope-reorder",
            ),
            is_alone=True,
        ),
    ]


def chosen(names: list[str], known: list[Gate]) -> list[Gate]:
    """The gates named and those they need; all without a name."""
    wanted = set(names or (gate.name for gate in known))
    wanted |= {gate.needs for gate in known if gate.name in wanted and gate.needs}
    return [gate for gate in known if gate.name in wanted]


class Running:
    """A gate that has been started; what it prints is held back while it runs beside others."""

    def __init__(self, gate: Gate, project: Path, environment: Mapping[str, str]) -> None:
        self.gate = gate
        self.started = time.monotonic()
        if not gate.is_beside:
            self._print_head()
        self.process = subprocess.Popen(
            gate.command,
            cwd=project,
            env=dict(environment),
            stdout=subprocess.PIPE if gate.is_beside else None,
            stderr=subprocess.STDOUT if gate.is_beside else None,
        )

    def _print_head(self) -> None:
        print(f"\n=== {self.gate.name}: {self.gate.catches}", flush=True)

    def outcome(self) -> str:
        """What became of it, when it has ended."""
        held_back, _ = self.process.communicate()
        if self.gate.is_beside:
            self._print_head()
            print(held_back.decode(errors="replace"), end="")
        taken = time.monotonic() - self.started
        beside = ", beside others" if self.gate.is_beside else ""
        print(f"--- {self.gate.name} took {taken:.0f} s{beside}", flush=True)
        return "passed" if self.process.returncode == 0 else "FAILED"


def run_gates(to_run: list[Gate], project: Path) -> dict[str, str]:
    """Run the gates; what became of each by name."""
    environment = os.environ | {
        "DBT_USE_COLORS": "false",
        # sqlfluff's worker processes end without a word to the tracker, which then complains
        "PYTHONWARNINGS": "ignore::UserWarning:multiprocessing.resource_tracker",
    }
    outcomes: dict[str, str] = {}
    beside: list[Running] = []
    for gate in to_run:
        if gate.is_alone:
            outcomes |= {running.gate.name: running.outcome() for running in beside}
            beside = []
        if gate.needs and outcomes.get(gate.needs, "passed") != "passed":
            outcomes[gate.name] = f"NOT RUN, {gate.needs} comes first"
            print(f"\n=== {gate.name}: {gate.catches}\n{outcomes[gate.name]}", flush=True)
        elif gate.is_beside:
            beside.append(Running(gate, project, environment))
        else:
            outcomes[gate.name] = Running(gate, project, environment).outcome()
        if gate.name == "mutants" and outcomes[gate.name] == "passed":
            # they built the demo a minute ago, and pytest would build the same
            environment["REFURB_DEMO_BUILD"] = str((project / mutants.FOLDER).resolve())
    outcomes |= {running.gate.name: running.outcome() for running in beside}
    return {gate.name: outcomes[gate.name] for gate in to_run}


def main(argv: list[str] | None = None) -> int:
    """Run the gates and print which passed."""
    project = Path.cwd()
    known = gates(project)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "gates", nargs="*", metavar="GATE", help=f"of {', '.join(gate.name for gate in known)}"
    )
    names = parser.parse_args(argv).gates
    if unknown := set(names) - {gate.name for gate in known}:
        parser.error(f"no such gate: {', '.join(sorted(unknown))}")
    outcomes = run_gates(chosen(names, known), project)
    print("\n=== result")
    for name, outcome in outcomes.items():
        print(f"{name:<14}{outcome}")
    return 0 if set(outcomes.values()) == {"passed"} else 1


if __name__ == "__main__":
    sys.exit(main())
