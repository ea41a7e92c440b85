"""The same extracts give the same tables, whatever happens to a build; and what happens is said.

REFURB_KILLS sets how often a build is killed (`make check-robustness` takes 20); the default keeps
continuous integration quick.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from conftest import (
    PROJECT,
    DbtRun,
    dbt_command,
    dbt_environment,
    run_dbt,
    shared_folder,
    shared_path,
)
from contents import contents, differences

from refurb_warehouse import operator_memory
from refurb_warehouse.database_file import database_fault

KILLS = int(os.environ.get("REFURB_KILLS", "2"))
SEED = 11
# Bytes that a disk has left for a build over the demo: enough to land, too few to reach the grade
# model, whose failure dbt-duckdb reports with a traceback.
ROOM = 4_000_000
BUILD = ("build", "--exclude-resource-type", "unit_test")
# Of the data tests those that read the log of builds, which a kill cuts off. What the others read
# is compared, cell by cell, with tables that have passed them.
TESTS_OF_THE_LOG = (
    *("--select", "resource_type:model", "resource_type:seed", "path:models/health"),
    *("assert_build_health_reconciles_with_raw", "--indirect-selection", "empty"),
)
# Few rows, so one bad copy is more than the share that may be rejected.
VARIABLES = {"max_rejected_share": 1}

# Copies that differ, without a time that says which is the latest; the last two pairs differ only
# in where a bar or a tilde stands.
CONFLICTS = {
    "products": [
        ["C1", "phone", "Invented", "One", "64", "true"],
        ["C1", "laptop", "Invented", "Two", "128", "false"],
        ["C1", "phone", "Invented", "One", "64", "true"],
        ["C2", "phone", "In|vented", "One", "64", "true"],
        ["C2", "phone", "In", "vented|One", "64", "true"],
        ["C3", "phone", "~", "One", "64", "true"],
        ["C3", "phone", "", "One", "64", "true"],
    ],
    "suppliers": [
        ["C1", "One", "seller", "FR", "", "true"],
        ["C1", "Two", "seller", "DE", "", "true"],
        ["C2", "One", "seller", "FR", "2024-01-01 00:00:00", "true"],
        ["C2", "Two", "seller", "DE", "2024-01-01 00:00:00", "false"],
    ],
    "fx_rates": [["SEK", "2024-01-01", "0.1"], ["SEK", "2024-01-01", "0.2"]],
}


def raw_folder(folder: Path, shuffled: random.Random | None = None) -> Path:
    """The demo extracts with copies in conflict, in the order of the files or in another."""
    folder.mkdir()
    for source in sorted((PROJECT / "seeds" / "raw").glob("*.csv")):
        with source.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        rows += CONFLICTS.get(source.stem, [])
        if shuffled:
            shuffled.shuffle(rows)
        with (folder / source.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return folder


@dataclass(frozen=True)
class Workplace:
    """One folder for all builds, as dbt parses anew when a path changes, and their result."""

    folder: Path
    expected: Path
    steps: int

    @property
    def database(self) -> Path:
        """The file that is built."""
        return self.folder / "refurb.duckdb"

    def reset(self, is_built: bool) -> None:
        """The database as the undisturbed build left it, or none."""
        for file in self.folder.glob("refurb.duckdb*"):
            file.unlink()
        if is_built:
            shutil.copy(self.expected, self.database)


def environment(folder: Path) -> dict[str, str]:
    """What a build of the workplace is told; the number of threads is an option of the command."""
    return {"REFURB_RAW": str(folder / "raw"), "REFURB_THREADS": "1"}


def build(folder: Path, *options: str) -> DbtRun:
    """Run a build of the workplace to its end."""
    return run_dbt(*BUILD, *options, folder=folder, env=environment(folder), variables=VARIABLES)


@contextmanager
def started(folder: Path, *options: str) -> Iterator[subprocess.Popen]:
    """A build in a process group of its own, whose output is read as it goes; killed at the end."""
    process = subprocess.Popen(
        dbt_command(*BUILD, *options, variables=VARIABLES),
        cwd=PROJECT,
        env=dbt_environment(shared_path(folder), environment(folder)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def wait_for_step(process: subprocess.Popen, step: int) -> str:
    """Read the output until so many steps (hooks, seeds, models, tests) have begun; the last line.

    Step 0 is the landing of files, which dbt does before it says that the hook starts.
    """
    line, begun = "", -1
    while begun < step:
        line = process.stdout.readline()
        assert line, f"the build ended before step {step}"
        begun += "Concurrency: " in line or " START " in line
    return line


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """With the result of a build by one thread that nothing happened to."""
    folder = tmp_path_factory.mktemp("workplace")
    raw_folder(folder / "raw")
    undisturbed = build(folder)
    assert undisturbed.returncode == 0, undisturbed.output[-6000:]
    assert "Concurrency: 1 threads" in undisturbed.output
    expected = tmp_path_factory.mktemp("expected") / "refurb.duckdb"
    shutil.copy(undisturbed.database, expected)
    return Workplace(folder, expected, undisturbed.output.count(" START "))


def test_the_comparison_sees_one_changed_cell(workplace: Workplace) -> None:
    workplace.reset(is_built=True)
    assert len(contents(workplace.database)) > 150
    assert differences(workplace.expected, workplace.database) == []
    with duckdb.connect(str(workplace.database)) as connection:
        connection.execute(
            """
            update repairs.mart_category_repairs
            set mean_turnaround_days = nextafter(mean_turnaround_days, 'infinity'::double)
            where category = (select min(category) from repairs.mart_category_repairs)
            """
        )
    assert differences(workplace.expected, workplace.database) == [
        "repairs.mart_category_repairs: mean_turnaround_days"
    ]


@pytest.mark.parametrize(
    ("table", "key", "reasons"),
    [
        ("products", "C1", ["conflicting key", "conflicting key"]),
        ("products", "C2", ["conflicting key"]),
        ("products", "C3", ["conflicting key"]),
    ],
)
def test_rows_that_differ_are_never_copies(
    workplace: Workplace, table: str, key: str, reasons: list[str]
) -> None:
    """Also when they differ only in which cell a bar stands, or in a tilde against nothing."""
    with duckdb.connect(str(workplace.expected), read_only=True) as connection:
        assert connection.execute(
            "select reason from health.rejected_rows where source_table = ? and row_key = ?",
            [table, key],
        ).fetchall() == [(reason,) for reason in reasons]


def test_threads_and_order_of_rows_change_nothing_and_a_second_build_is_refused(
    workplace: Workplace,
) -> None:
    """Four threads and shuffled files; half-way through, a second build stops and harms nothing."""
    workplace.reset(is_built=False)
    raw = workplace.folder / "raw"
    shutil.move(raw, workplace.folder / "in_order")
    raw_folder(raw, random.Random(SEED))
    try:
        with started(workplace.folder, *TESTS_OF_THE_LOG, "--threads", "4") as first:
            # of a build with all tests, which has about twice the steps
            wait_for_step(first, workplace.steps // 4)
            os.killpg(first.pid, signal.SIGSTOP)
            second = build(workplace.folder)
            os.killpg(first.pid, signal.SIGCONT)
            output, _ = first.communicate(timeout=200)
    finally:
        shutil.rmtree(raw)
        shutil.move(workplace.folder / "in_order", raw)
    assert second.returncode != 0
    assert "Traceback" not in second.output
    assert (
        f"{shared_folder() / 'here' / 'refurb.duckdb'} is in use, nothing was built: another dbt "
        f"command, process {first.pid}, is writing it. Wait until it has ended, or name another "
        "file by REFURB_DATABASE."
    ) in second.output
    assert first.returncode == 0, output[-6000:]
    assert differences(workplace.expected, workplace.database) == []


def moments() -> list[tuple[float, float]]:
    """When to kill: while files land, then at a random moment in each of the equal parts after it.

    A moment is a share of the steps of the build, so that staging, marts and tests are reached on
    any machine, and seconds after that step began.
    """
    draw = random.Random(SEED)
    parts = KILLS - 1
    return [(0, draw.uniform(0, 0.5))] + [
        ((part + draw.random()) / parts, draw.choice([0, 0.02, 0.1])) for part in range(parts)
    ]


@pytest.mark.parametrize(("share", "delay"), moments())
def test_a_killed_build_is_mended_by_the_next(
    workplace: Workplace, share: float, delay: float
) -> None:
    """kill -9, then dbt build: green, the same tables, and nothing left over.

    Killed are first builds and builds over an earlier one, by turns.
    """
    step = int(share * workplace.steps)
    workplace.reset(is_built=step % 2 == 0)
    # what a build that spilled leaves when it is killed
    (workplace.folder / "refurb.duckdb.tmp").mkdir()
    (workplace.folder / "refurb.duckdb.tmp" / "duckdb_temp_1_0_storage_DEFAULT-0.tmp").touch()
    with started(workplace.folder, "--threads", "2") as killed:
        last = wait_for_step(killed, step)
        time.sleep(delay)
        assert killed.poll() is None, "the build ended before it was killed"
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
    print(f"killed {delay} s after {last.strip()}")
    again = build(workplace.folder, *TESTS_OF_THE_LOG, "--threads", "2")
    assert again.returncode == 0, again.output[-6000:]
    assert differences(workplace.expected, workplace.database) == []
    assert {path.name for path in workplace.folder.iterdir()} == {
        "raw",
        "refurb.duckdb",
        "target",
        "logs",
    }


def test_a_reader_that_holds_the_database_is_named(tmp_path: Path) -> None:
    database = tmp_path / "held in locks" / "refurb.duckdb"
    assert database_fault(str(database)) is None
    hold = f"import duckdb; c = duckdb.connect({str(database)!r}, read_only=True); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        reader.stdout.readline()
        fault = database_fault(str(database))
        reader.communicate("\n")
    assert fault.startswith(f"{database} is in use, nothing was built: ")
    assert f"process {reader.pid}, has it open, and DuckDB takes one writer or many" in fault
    assert fault.endswith("Close it there, or name another file by REFURB_DATABASE.")
    assert database_fault(str(database)) is None


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    database = tmp_path / "new" / "folder" / "refurb.duckdb"
    assert database_fault(str(database), str(tmp_path / "spill" / "here")) is None
    assert database.is_file()
    assert (tmp_path / "spill" / "here").is_dir()


def test_what_a_killed_build_leaves_is_no_obstacle(tmp_path: Path) -> None:
    """An empty file, which DuckDB refuses, and spilled data."""
    database = tmp_path / "refurb.duckdb"
    database.touch()
    (tmp_path / "refurb.duckdb.tmp").mkdir()
    (tmp_path / "refurb.duckdb.tmp" / "duckdb_temp_1_0_storage_DEFAULT-0.tmp").touch()
    assert database_fault(str(database), f"{database}.tmp") is None
    assert [path.name for path in tmp_path.iterdir()] == ["refurb.duckdb"]


def test_a_path_that_can_hold_no_database_is_explained(tmp_path: Path) -> None:
    """And what is there stays as it was."""
    notes = tmp_path / "notes.txt"
    notes.write_text("not a database " * 1000)
    folder = tmp_path / "lock"
    folder.mkdir()
    assert database_fault(str(notes)) == (
        f"{notes} is not a DuckDB database, nothing was built: move it away, or name another file "
        "by REFURB_DATABASE."
    )
    assert database_fault(str(folder)) == (
        f"{folder} is a folder, nothing was built: name another file by REFURB_DATABASE."
    )
    assert database_fault(str(notes / "refurb.duckdb")) == (
        f"The folder of {notes / 'refurb.duckdb'} cannot be made (File exists): name another file "
        "by REFURB_DATABASE."
    )
    assert database_fault(str(tmp_path / "refurb.duckdb"), str(notes)) == (
        f"{notes}, which REFURB_TEMP_DIRECTORY names for data beyond the memory limit, cannot be "
        "used (File exists): name a folder that can be written."
    )
    assert notes.read_text() == "not a database " * 1000


def on_a_disk_of_its_own(folder: Path, size: int, script: str) -> subprocess.CompletedProcess:
    """Run shell lines while the folder is a disk of so many bytes, which then is gone.

    The namespace makes this possible without being root, and a read-only disk refuses root too.
    """
    folder.mkdir(exist_ok=True)
    probe = ["unshare", "--map-root-user", "--mount", "sh", "-ec"]
    mount = f"mount -t tmpfs -o size={size} tmpfs '{folder}'\n"
    try:
        subprocess.run([*probe, mount], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted here: {error}")
    return subprocess.run(
        [*probe, mount + script],
        cwd=PROJECT,
        env=dbt_environment(shared_path(folder)) | {"DBT_LOG_PATH": str(folder.parent / "logs")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=200,
        check=False,
    )


@pytest.mark.parametrize(("limit", "half"), [("300MB", "143.0 MiB"), ("3GiB", "1.5 GiB")])
def test_a_query_leaves_memory_to_read_with(limit: str, half: str) -> None:
    """Joins that take all of it end the query, though with less they would have spilled."""
    with (
        duckdb.connect(config={"memory_limit": limit}) as connection,
        connection.cursor() as cursor,
    ):
        operator_memory.Plugin("operator_memory", {}).configure_cursor(cursor)
        found = cursor.execute("select current_setting('operator_memory_limit')").fetchone()
    assert found == (half,)


def test_a_target_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    """A disk without room for a first byte, then the same disk read-only."""
    disk = tmp_path / "disk"
    database = disk / "refurb.duckdb"
    check = f"""
import subprocess
from refurb_warehouse.database_file import database_fault
print(database_fault("{database}"))
subprocess.run(["mount", "-o", "remount,ro", "{disk}"], check=True)
print(database_fault("{database}"))
"""
    finished = on_a_disk_of_its_own(
        disk,
        1_000_000,
        f"""
        head -c 2M /dev/zero > '{disk}/other' 2> /dev/null || true
        '{sys.executable}' -c '{check}'
        """,
    )
    assert finished.stdout.splitlines() == [
        f"{database} cannot be written, nothing was built: the disk is full. Free some space, or "
        "name another file by REFURB_DATABASE.",
        f"{database} cannot be written, nothing was built: its folder is read-only. "
        "Make the folder writable, or name another file by REFURB_DATABASE.",
    ]


def test_a_full_disk_is_explained_and_the_last_build_stays_readable(
    workplace: Workplace, tmp_path: Path
) -> None:
    """Full in the middle of the build; afterwards every relation of the last build answers."""
    disk = tmp_path / "disk"
    command = " ".join(f"'{word}'" for word in dbt_command(*BUILD, variables=VARIABLES))
    (tmp_path / "saved").mkdir()
    # what was parsed, beside the disk: the path of the database is the same
    shutil.copytree(workplace.folder / "target", tmp_path / "target")
    finished = on_a_disk_of_its_own(
        disk,
        workplace.expected.stat().st_size + ROOM,
        f"""
        cp '{workplace.expected}' '{disk}/refurb.duckdb'
        export REFURB_RAW='{workplace.folder / "raw"}'
        export DBT_TARGET_PATH='{tmp_path / "target"}'
        {command} || code=$?
        cp '{disk}'/refurb.duckdb* '{tmp_path / "saved"}'
        exit ${{code:-0}}
        """,
    )
    assert finished.returncode > 0, finished.stdout[-4000:]
    database = shared_folder() / "here" / "refurb.duckdb"
    assert f"The disk is full: free some space for {database}" in finished.stdout
    assert "Traceback" not in finished.stdout
    saved = contents(tmp_path / "saved" / "refurb.duckdb")
    assert saved.keys() == contents(workplace.expected).keys()
