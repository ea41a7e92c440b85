"""The command `build`: `dbt build`, where that is enough only of what reads changed files.

After a whole build that was green, the database remembers what it was made from: a hash of the code
and its settings, and one of each raw file. The next build compares. Where files alone have changed,
it makes again what reads them, to the last model; all else would become what it is. Where anything
else is different or unknown, it makes everything.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb

from refurb_warehouse.finished_build import database_file

# What the tables depend on beside the raw files; the demo's raw files are seeds.
CODE = (
    *("dbt_project.yml", "profiles.yml", "uv.lock"),
    *("models", "macros", "seeds", "tests/generic", "tests/kpi", "refurb_warehouse"),
)
SALT = "REFURB_SALT"
# Settings that move a build, bound it or word it, and leave its tables as they are.
WITHOUT_MEANING = frozenset(
    {
        *("REFURB_DATABASE", "REFURB_MEMORY_LIMIT", "REFURB_TEMP_DIRECTORY", "REFURB_THREADS"),
        *("REFURB_PUBLISHED", "REFURB_POSTGRES_DSN", "REFURB_REAL_DATA", "REFURB_RAW"),
        *("DBT_TARGET_PATH", "DBT_LOG_PATH", "DBT_USE_COLORS", "DBT_SEND_ANONYMOUS_USAGE_STATS"),
        # what make passes on of its command line: it comes as flags
        *("DBT_WRITE_JSON", "DBT_QUIET", "DBT_FLAGS", SALT),
    }
)
# Flags of dbt with which a build is still one of everything, and how many words follow each.
FLAGS = {
    "--vars": 1,
    "--threads": 1,
    "--full-refresh": 0,
    "-f": 0,
    "--fail-fast": 0,
    "-x": 0,
    "--quiet": 0,
    "-q": 0,
}
FULL_REFRESH = {"--full-refresh", "-f"}
# Packages that decide of digits, or of whether there is a grade model.
PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "numpy", "scikit-learn")
MEMORY = "health.build_inputs"
# The model that says, among others, whether the extracts are older than max_extract_age_days.
CHECKS = "build_checks"


@dataclass(frozen=True)
class Inputs:
    """What a build is made from, as hashes: code with its settings, and each raw file."""

    code: str
    files: Mapping[str, str]


@dataclass(frozen=True)
class Remembered:
    """What a database was built from, and what the clock alone would change.

    `ageing`: files of which rows were in the future. `is_age_watched`: extracts may grow too old.
    """

    inputs: Inputs
    ageing: frozenset[str] = frozenset()
    is_age_watched: bool = False


@dataclass(frozen=True)
class Plan:
    """The raw files whose readers are built, None for everything, and why.

    `is_age_watched`: the checks of the extracts are made again whatever has changed.
    """

    files: tuple[str, ...] | None
    reason: str = ""
    is_age_watched: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `build`."""
    parser.description = (
        "Build and test the warehouse; where only raw files have changed since the last green "
        "build, what reads them. -- --full-refresh builds everything."
    )
    parser.add_argument(
        "flags", nargs="*", metavar="FLAG", help="flags of dbt build, after two dashes: -- --vars X"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build what the plan says; the exit code is that of dbt."""
    dbt = [str(Path(sys.executable).with_name("dbt")), "build"]
    database = database_file()
    return build(
        Path.cwd(),
        database,
        arguments.flags,
        os.environ,
        lambda flags: subprocess.run([*dbt, *flags], check=False).returncode,
    )


def build(
    project: Path,
    database: Path,
    flags: Sequence[str],
    environment: Mapping[str, str],
    run_dbt: Callable[[Sequence[str]], int],
) -> int:
    """Build what has changed and remember what it was made from; `run_dbt` runs `dbt build`."""
    if not _is_of_everything(flags):
        return run_dbt(flags)
    now = inputs(project, flags, environment)
    before = remembered(database)
    is_wanted = bool(FULL_REFRESH & set(flags))
    plan = Plan(None, "as --full-refresh asks") if is_wanted else planned(before, now)
    print(_in_words(plan), flush=True)
    if plan.files == () and not plan.is_age_watched:
        return 0
    last = _last_run(database)
    exit_code = run_dbt([*flags, *selection(project, plan)])
    if exit_code == 0:
        _remember(database, now, last, environment.get("REFURB_RAW", ""))
    return exit_code


def planned(before: Remembered | str, now: Inputs) -> Plan:
    """What has to be made again; `before` is a sentence where nothing is remembered."""
    if isinstance(before, str):
        return Plan(None, before)
    if before.inputs.code != now.code:
        return Plan(None, "its code or settings have changed since the last build")
    if before.inputs.files.keys() != now.files.keys():
        return Plan(None, "other raw files are there than at the last build")
    changed = {name for name, found in now.files.items() if before.inputs.files[name] != found}
    return Plan(tuple(sorted(changed | before.ageing)), is_age_watched=before.is_age_watched)


def selection(project: Path, plan: Plan) -> list[str]:
    """Flags of dbt for a plan. Unit tests are of the code, which is that of the last build."""
    if plan.files is None:
        return []
    # by source, not by base model: who asked to be erased is read from raw rows beside it
    names = [f"source:{source}+" for file in plan.files for source in _sources(project, file)]
    names += [f"{CHECKS}+"] if plan.is_age_watched else []
    return ["--select", *names, "--exclude-resource-type", "unit_test"]


def inputs(project: Path, flags: Sequence[str], environment: Mapping[str, str]) -> Inputs:
    """Hashes of what a build with these flags would be made from."""
    settings = {
        name: value
        for name, value in environment.items()
        if name.startswith(("REFURB_", "DBT_")) and name not in WITHOUT_MEANING
    }
    folder = environment.get("REFURB_RAW", "")
    variables = [words for words in _words(flags) if words[0] == "--vars"]
    where = str(Path(folder or ".").resolve())
    said = repr((sorted(settings.items()), variables, where, [_version(name) for name in PACKAGES]))
    # keyed by the salt, of which nothing else may reach the database
    hashed = hmac.new(environment.get(SALT, "").encode(), said.encode(), hashlib.sha256)
    for file in sorted(_files_of_code(project)):
        hashed.update(str(file.relative_to(project)).encode())
        hashed.update(_content(file).encode())
    return Inputs(hashed.hexdigest(), dict(_raw_files(project, folder)))


def remembered(database: Path) -> Remembered | str:
    """What the last build was made from; why that cannot be gone on from, where it cannot."""
    if not database.is_file():
        return f"{database} is not there yet"
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            return _read_memory(connection)
    except duckdb.CatalogException:
        return "no whole build is remembered"
    except duckdb.Error:
        # dbt says what is wrong with the file, and what to do
        return f"{database} cannot be read"


def is_remembered(connection: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    """Whether the tables are whole after this run of dbt, though it may have made only some."""
    try:
        [(found,)] = connection.execute(
            f"select count(*) from {MEMORY} where run_id = ?", [run_id]
        ).fetchall()
    except duckdb.CatalogException:
        return False
    return found > 0


def _read_memory(connection: duckdb.DuckDBPyConnection) -> Remembered | str:
    last = connection.execute(LAST_RUN).fetchall()
    if not last or not is_remembered(connection, last[0][0]):
        return "the last build was not whole, not green, or not one of make build"
    [(status,)] = connection.execute("select build_status from health.build_health").fetchall()
    if status not in ("passed", "warned"):
        return f"the last run of dbt is {status}"
    found = dict(connection.execute(f"select input_name, fingerprint from {MEMORY}").fetchall())
    ageing = connection.execute(
        "select distinct source_table from health.rejected_rows where reason = 'in the future'"
    ).fetchall()
    [(watched,)] = connection.execute(
        f"select count(threshold) from health.{CHECKS} where check_name = 'extract_age'"
    ).fetchall()
    code = found.pop("code")
    return Remembered(
        Inputs(code, found),
        frozenset(file for file in found if (_table(file),) in ageing),
        is_age_watched=watched > 0,
    )


# A run that changed tables, as tests do not.
IS_BUILD = "event = 'started' and command in ('build', 'run', 'seed')"
LAST_RUN = f"""
    select run_id from health.dbt_runs
    where {IS_BUILD}
    order by happened_at desc, run_id
    limit 1
"""


# Those of the demo are seeds, and seeds are code.
LANDED_FILES = """
    select file_name from landing.raw_files
    where file_name is not null and not starts_with(file_name, 'seeds/raw/')
"""


def _last_run(database: Path) -> list[tuple]:
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            return connection.execute(LAST_RUN).fetchall()
    except duckdb.Error:
        return []


def _remember(database: Path, made_from: Inputs, before: list[tuple], folder: str) -> None:
    """Keep what the run that has just ended was made from, if it is this file that it built."""
    now = _last_run(database)
    if not now or now == before:
        return
    try:
        connection = duckdb.connect(str(database))
    except duckdb.IOException as error:
        # the build is green all the same
        print(f"The next build will make everything: what this one read is not kept. {error}")
        return
    with connection:
        landed = connection.execute(LANDED_FILES).fetchall()
        hashed = {(Path(folder) / name).resolve() for name in made_from.files}
        if {Path(name).resolve() for (name,) in landed} != hashed:
            # another folder than REFURB_RAW was named, by raw_path
            return
        rows = [(*now[0], "code", made_from.code)]
        rows += [(*now[0], name, found) for name, found in made_from.files.items()]
        connection.execute("begin")
        connection.execute(
            f"create or replace table {MEMORY} "
            "(run_id varchar, input_name varchar, fingerprint varchar)"
        )
        connection.executemany(f"insert into {MEMORY} values (?, ?, ?)", rows)
        connection.execute("commit")


def _is_of_everything(flags: Sequence[str]) -> bool:
    """Whether all flags are known, and none of them leaves a part out."""
    return all(words[0] in FLAGS for words in _words(flags))


def _words(flags: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Each flag with its values."""
    rest = [part for flag in flags for part in _parts(flag)]
    while rest:
        length = 1 + FLAGS.get(rest[0], 0)
        yield tuple(rest[:length])
        rest = rest[length:]


def _parts(flag: str) -> list[str]:
    """--vars=x is --vars x."""
    return flag.split("=", 1) if flag.startswith("--") else [flag]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _files_of_code(project: Path) -> Iterator[Path]:
    for name in CODE:
        path = project / name
        if path.is_file():
            yield path
        yield from (
            file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts
        )


def _raw_files(project: Path, folder: str) -> Iterator[tuple[str, str]]:
    """Raw tables in the folder with a hash of their content; none for the demo, which is code."""
    if not folder or not Path(folder).is_dir():
        return
    for file in sorted(Path(folder).iterdir()):
        if file.suffix.lower() in (".csv", ".parquet") and _sources(project, file.name):
            try:
                yield file.name, _content(file)
            except OSError as error:
                # it was not so when it was built, and dbt says what is wrong
                yield file.name, f"cannot be read: {error.strerror}"


def _sources(project: Path, file_name: str) -> list[str]:
    """The dbt source that a raw file holds: one, or none where the contract does not know it."""
    found = (project / "models" / "staging").rglob(f"base_*__{_table(file_name)}.sql")
    return sorted(file.stem.removeprefix("base_").replace("__", ".") for file in found)


def _table(file_name: str) -> str:
    """The raw table that a file holds."""
    return Path(file_name).stem.lower()


def _content(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _in_words(plan: Plan) -> str:
    if plan.files is None:
        return f"Building everything: {plan.reason}."
    everything = "Everything all the same: make build DBT_FLAGS=--full-refresh"
    if not plan.files:
        built = (
            "only the age of the extracts is checked" if plan.is_age_watched else "nothing is built"
        )
        return f"Nothing has changed since the last build, so {built}. {everything}"
    return (
        f"Building what reads {', '.join(plan.files)}: other raw files, code and settings are "
        f"those of the last build. {everything}"
    )
