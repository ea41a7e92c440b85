"""When `make build` builds everything, a part, or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

from refurb_warehouse.build import (
    Inputs,
    Plan,
    Remembered,
    build,
    inputs,
    planned,
    remembered,
    selection,
)

BEFORE = Inputs("code", {"orders.csv": "1", "ratings.csv": "1"})


@pytest.mark.parametrize(
    ("now", "files"),
    [
        (BEFORE, ()),
        (Inputs("code", {"orders.csv": "1", "ratings.csv": "2"}), ("ratings.csv",)),
        (Inputs("code", {"orders.csv": "2", "ratings.csv": "2"}), ("orders.csv", "ratings.csv")),
        (Inputs("other", {"orders.csv": "1", "ratings.csv": "1"}), None),
        # a file that is there or not is known to every table that could read it
        (Inputs("code", {"orders.csv": "1"}), None),
        (Inputs("code", {"orders.csv": "1", "ratings.csv": "1", "repairs.csv": "1"}), None),
        (Inputs("code", {"orders.csv": "1", "ratings.parquet": "1"}), None),
    ],
)
def test_what_has_changed_is_built(now: Inputs, files: tuple[str, ...] | None) -> None:
    assert planned(Remembered(BEFORE), now).files == files


def test_what_changes_with_the_clock_is_built() -> None:
    assert planned(Remembered(BEFORE, frozenset({"orders.csv"})), BEFORE).files == ("orders.csv",)


def test_extracts_that_are_not_delivered_any_more_grow_too_old(project: Path) -> None:
    """Nothing has changed is what the check of their age is there to tell of."""
    plan = planned(Remembered(BEFORE, is_age_watched=True), BEFORE)
    assert selection(project, plan)[:2] == ["--select", "build_checks+"]


def test_without_memory_everything_is_built() -> None:
    assert planned("it is not there yet", BEFORE) == Plan(None, "it is not there yet")


def test_each_raw_file_has_its_source(project: Path) -> None:
    """Whatever its format and the case of its name, and unit tests are left out."""
    assert selection(project, Plan(("ORDERS.csv", "open_repairs.parquet"))) == [
        *("--select", "source:marketplace.orders+", "source:open_repair.open_repairs+"),
        *("--exclude-resource-type", "unit_test"),
    ]
    assert selection(project, Plan(None)) == []


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one model, and the folder of its raw file."""
    for name, text in {
        "project/models/staging/base_shop__orders.sql": "select 1",
        "project/dbt_project.yml": "name: small",
        "raw/orders.csv": "order_id\n1\n",
        "raw/notes.txt": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def _changed(name: str, text: str) -> Callable[[Path], dict[str, str]]:
    def change(folder: Path) -> dict[str, str]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        return {}

    return change


def _touched(folder: Path) -> dict[str, str]:
    os.utime(folder / "raw" / "orders.csv", (0, 0))
    return {}


@pytest.mark.parametrize(
    ("change", "is_code", "is_file"),
    [
        (_touched, False, False),
        (_changed("raw/notes.txt", "read me"), False, False),
        (_changed("raw/stranger.csv", "a\n"), False, False),
        (_changed("raw/orders.csv", "order_id\n2\n"), False, True),
        (_changed("project/models/staging/base_shop__orders.sql", "select 2"), True, False),
        (_changed("project/macros/new.sql", ""), True, False),
        (_changed("project/dbt_project.yml", "name: other"), True, False),
        (_changed("project/README.md", "words"), False, False),
        (lambda _: {"REFURB_MEMORY_LIMIT": "1GB"}, False, False),
        (lambda _: {"DBT_FLAGS": "--full-refresh"}, False, False),
        (lambda _: {"REFURB_SALT": "a long and secret text"}, True, False),
        (lambda _: {"DBT_TARGET": "spark"}, True, False),
        (lambda _: {"HOME": "elsewhere"}, False, False),
    ],
)
def test_what_counts_as_a_change(
    small: Path, change: Callable[[Path], dict[str, str]], is_code: bool, is_file: bool
) -> None:
    """Content and settings, not times of files; the salt is in the hash, and nowhere else."""
    environment = {"REFURB_RAW": str(small / "raw")}
    before = inputs(small / "project", [], environment)
    after = inputs(small / "project", [], environment | change(small))
    assert (before.code != after.code, before.files != after.files) == (is_code, is_file)
    assert before.files.keys() == {"orders.csv"}


def test_an_installed_package_counts(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without scikit-learn there is no grade model: a build says to install it and build again."""

    def version_but(absent: str) -> Callable[[str], str]:
        return lambda package: "" if package == absent else "1"

    def code_without(package: str) -> str:
        monkeypatch.setattr("refurb_warehouse.build._version", version_but(package))
        return inputs(small / "project", [], {}).code

    assert code_without("scikit-learn") != code_without("none")


def test_a_file_that_cannot_be_read_has_changed(small: Path) -> None:
    """What is wrong with it is for dbt to say."""
    environment = {"REFURB_RAW": str(small / "raw")}
    before = inputs(small / "project", [], environment)
    (small / "raw" / "orders.csv").unlink()
    (small / "raw" / "orders.csv").mkdir()
    after = inputs(small / "project", [], environment)
    assert planned(Remembered(before), after).files == ("orders.csv",)


def test_flags_that_change_numbers_count(small: Path) -> None:
    def code(*flags: str) -> str:
        return inputs(small / "project", flags, {}).code

    assert code("--vars", "{a: 1}") == code("--threads", "4", "--vars={a: 1}")
    assert code("--vars", "{a: 1}") != code("--vars", "{a: 2}")
    assert code("--full-refresh") == code()


@pytest.mark.parametrize("flags", [["--select", "x"], ["--target=spark"], ["--empty"], ["x"]])
def test_a_build_that_is_told_what_to_do_does_it(small: Path, flags: list[str]) -> None:
    """No plan is made, and dbt's exit code is that of the command."""
    ran: list[list[str]] = []

    def dbt(given: list[str]) -> int:
        ran.append(given)
        return 3

    assert build(small / "project", small / "w.duckdb", flags, {}, dbt) == 3
    assert ran == [flags]


def _builds(database: Path, raw_file: Path) -> Callable[[Sequence[str]], int]:
    """What a green build leaves for the next."""

    def dbt(_: Sequence[str]) -> int:
        with duckdb.connect(str(database)) as connection:
            connection.execute("create schema health; create schema landing")
            connection.execute(
                "create table health.dbt_runs as select 'run' as run_id, 'started' as event, "
                "now() as happened_at, 'build' as command"
            )
            connection.execute(
                "create table landing.raw_files as select ? as file_name", [str(raw_file)]
            )
        return 0

    return dbt


@pytest.mark.parametrize(("folder", "is_remembered"), [("raw", True), ("other", False)])
def test_what_was_built_from_another_folder_is_not_remembered(
    small: Path, folder: str, is_remembered: bool
) -> None:
    """The var raw_path may name another one than REFURB_RAW, with files of the same names."""
    database = small / "w.duckdb"
    dbt = _builds(database, small / folder / "orders.csv")
    assert build(small / "project", database, [], {"REFURB_RAW": str(small / "raw")}, dbt) == 0
    with duckdb.connect(str(database)) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert (("build_inputs",) in tables) is is_remembered


def test_a_build_is_green_though_somebody_reads_the_file(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between dbt's end and what is kept for the next build another program may open it."""
    database = small / "w.duckdb"
    reader: list[subprocess.Popen[str]] = []

    def dbt(flags: Sequence[str]) -> int:
        exit_code = _builds(database, small / "raw" / "orders.csv")(flags)
        opens = f"import duckdb; c = duckdb.connect({str(database)!r}, read_only=True); "
        command = [sys.executable, "-c", opens + "print(1, flush=True); input()"]
        reader.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        reader[0].stdout.readline()
        return exit_code

    try:
        assert build(small / "project", database, [], {"REFURB_RAW": str(small / "raw")}, dbt) == 0
    finally:
        reader[0].communicate("\n")
    assert "The next build will make everything" in capsys.readouterr().out
    assert (
        remembered(database) == "the last build was not whole, not green, or not one of make build"
    )
