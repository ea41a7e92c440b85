"""Fixtures that several test files use: the project, dbt on a database of its own, real data."""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt_process import DbtServer

from refurb_warehouse.checks.compiled import CompiledProject
from refurb_warehouse.checks.mutants.__main__ import BUILD_OUTPUT

PROJECT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 300
# For a command whose artifacts are read.
ARTIFACTS = {"DBT_WRITE_JSON": "true"}
# They run first: of two processes that run tests, none is then left with a long file at the end.
LONG_FILES = (
    "test_properties.py",
    "test_robustness.py",
    "test_health.py",
    "test_mutants.py",
    "test_faults_in_rows.py",
    "test_scale.py",
    "test_golden_case.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of long files before the others."""
    items.sort(
        key=lambda item: (
            LONG_FILES.index(item.path.name) if item.path.name in LONG_FILES else len(LONG_FILES)
        )
    )


@dataclass(frozen=True)
class DbtRun:
    """What a finished dbt command left: exit code, output, database and artifacts."""

    returncode: int
    output: str
    database: Path
    target: Path

    def query(self, sql: str, parameters: Any = None) -> list[tuple]:
        """Rows of a query on the database, which is opened for reading and closed again."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    def artifact(self, name: str) -> dict:
        """An artifact of the command, such as manifest.json or run_results.json."""
        return json.loads((self.target / name).read_text(encoding="utf-8"))


@cache
def shared_folder() -> Path:
    """A folder of this process for what its runs of dbt share."""
    folder = Path(tempfile.mkdtemp(prefix="refurb-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def dbt_server() -> DbtServer:
    """What runs dbt for the tests of this process."""
    server = DbtServer(PROJECT)
    atexit.register(server.stop)
    return server


def dbt_environment(folder: Path, env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment of a dbt that writes to the folder and nowhere else.

    What the caller's shell says of the warehouse does not reach it; `env` does.
    """
    paths = {
        "REFURB_DATABASE": folder / "refurb.duckdb",
        "DBT_TARGET_PATH": folder / "target",
        "DBT_LOG_PATH": folder / "logs",
    }
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DBT_", "REFURB_"))
    }
    environment |= {name: str(path) for name, path in paths.items()}
    environment |= {"DBT_USE_COLORS": "false", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    # a second for each command, and few tests read an artifact
    environment |= {"DBT_WRITE_JSON": "false"}
    return environment | dict(env or {})


def dbt_command(*arguments: str, variables: Mapping[str, Any] | None = None) -> list[str]:
    """Command line of dbt in the environment of the tests."""
    command = [str(Path(sys.executable).with_name("dbt")), *arguments]
    return [*command, "--vars", json.dumps(dict(variables))] if variables else command


def shared_path(folder: Path) -> Path:
    """A link to the folder, which is the same path whichever the folder is.

    dbt parses for ten seconds whenever the path of the database is another one.
    """
    link = shared_folder() / "here"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.resolve(), target_is_directory=True)
    return link


def run_dbt(
    *arguments: str,
    folder: Path,
    env: Mapping[str, str] | None = None,
    variables: Mapping[str, Any] | None = None,
) -> DbtRun:
    """Run dbt in a process of its own; commands that are given one folder share its database.

    Every run of a process gets the same path for its folder, and what was parsed once for its
    variables.
    """
    folder.mkdir(parents=True, exist_ok=True)
    environment = dbt_environment(shared_path(folder), env)
    parsed = shared_folder() / hashlib.sha256(repr(variables).encode()).hexdigest()
    own_parsed = folder / "target" / "partial_parse.msgpack"
    if parsed.exists() and not own_parsed.exists():
        own_parsed.parent.mkdir(exist_ok=True)
        shutil.copyfile(parsed, own_parsed)
    printed = shared_folder() / "printed.txt"
    returncode = dbt_server().run(
        dbt_command(*arguments, variables=variables)[1:], environment, printed, TIMEOUT_SECONDS
    )
    if own_parsed.exists() and not parsed.exists():
        shutil.copyfile(own_parsed, parsed)
    output = printed.read_text(encoding="utf-8")
    return DbtRun(returncode, output, folder / "refurb.duckdb", folder / "target")


@pytest.fixture(scope="session")
def project() -> Path:
    """Root of the repository."""
    return PROJECT


@pytest.fixture
def dbt(tmp_path: Path) -> Callable[..., DbtRun]:
    """Run dbt as `dbt("build", env={...}, variables={...})`; runs of one test share a database."""

    def run(
        *arguments: str,
        env: Mapping[str, str] | None = None,
        variables: Mapping[str, Any] | None = None,
    ) -> DbtRun:
        return run_dbt(*arguments, folder=tmp_path, env=env, variables=variables)

    return run


@pytest.fixture(scope="session")
def demo_build(tmp_path_factory: pytest.TempPathFactory) -> DbtRun:
    """The warehouse built and tested once on the demo extracts. Warnings are allowed.

    Once for all processes that run tests side by side: the first to ask builds, the others wait.
    None may write to it. In a run of all gates it is the one that the mutants were tried on.
    """
    if built_before := os.environ.get("REFURB_DEMO_BUILD"):
        built = Path(built_before)
        output = (built / BUILD_OUTPUT).read_text(encoding="utf-8")
        return DbtRun(0, output, built / "refurb.duckdb", built / "target")
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    finished = folder / "demo_build.json"
    with (folder / "demo_build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            run = run_dbt("build", folder=folder / "demo_build", env=ARTIFACTS)
            finished.write_text(json.dumps([run.returncode, run.output]), encoding="utf-8")
    returncode, output = json.loads(finished.read_text(encoding="utf-8"))
    if returncode:
        pytest.fail(f"dbt build of the demo extracts failed:\n{output[-8000:]}")
    built = folder / "demo_build"
    return DbtRun(returncode, output, built / "refurb.duckdb", built / "target")


@pytest.fixture(scope="session")
def compiled_project(demo_build: DbtRun) -> CompiledProject:
    """The SQL of the demo's build, to be run in memory on other rows."""
    return CompiledProject.read(demo_build.target, demo_build.database)


def real_source(name: str) -> Path:
    """A part of the real data. Its licences keep it out of the repository: without it, skip."""
    named = os.environ.get("REFURB_REAL_DATA")
    if not named:
        pytest.skip("real data is absent: REFURB_REAL_DATA names no folder that holds it")
    path = Path(named) / name
    if not path.exists():
        pytest.skip(f"real data is absent: the folder that REFURB_REAL_DATA names has no {name}")
    return path


@pytest.fixture(scope="session")
def olist_folder() -> Path:
    """Folder of the Olist files."""
    return real_source("olist")


@pytest.fixture(scope="session")
def open_repair_folder() -> Path:
    """Folder of the Open Repair files."""
    return real_source("open_repair")


@pytest.fixture(scope="session")
def online_retail_file() -> Path:
    """File of Online Retail II."""
    return real_source("online_retail/online_retail_2009_2010.parquet")
