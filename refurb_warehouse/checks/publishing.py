"""Publish under readers, kill publishes, and open what is published with old clients of DuckDB.

    python -m refurb_warehouse.checks.publishing [--publishes N] [--kills N] [--seed N]

Takes the last build (REFURB_DATABASE), and two copies of it with other row counts, so that a reader
who mixes versions counts what no version says it has. Writes to build/check-publish alone. Takes
about 25 minutes on two cores; what needs PostgreSQL is left out, and said to be, without one.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from refurb_warehouse.checks.postgres_server import NoServerError, running_server
from refurb_warehouse.checks.published_readers import (
    READERS,
    SUPERSET_HOME,
    TABLES,
    read_postgres,
)
from refurb_warehouse.finished_build import database_file
from refurb_warehouse.publishing.versions import Published

WORKPLACE = Path("build/check-publish")
CLIENTS = ("1.4.5", "1.5.6", "2.0.0")
BUILDS = 3


def main(argv: list[str] | None = None) -> int:
    """Run all of it; 1 when anything was not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--publishes", type=int, default=50)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None, help="of the moments of the kills")
    arguments = parser.parse_args(argv)
    shutil.rmtree(WORKPLACE, ignore_errors=True)
    WORKPLACE.mkdir(parents=True)
    builds = _builds(database_file())
    place = Published((WORKPLACE / "published").resolve())
    faults = []
    with contextlib.ExitStack() as stack:
        try:
            dsn = stack.enter_context(running_server())
        except NoServerError as error:
            dsn = ""
            print(f"without PostgreSQL: {error}")
        seconds = _publish(place, builds[0], dsn)
        print(f"first publish: {seconds:.1f} s", flush=True)
        if arguments.publishes:
            with _superset(place) as has_superset:
                absent = () if has_superset else ("superset",)
                faults += _under_readers(place, builds, dsn, arguments.publishes, absent)
        if arguments.kills:
            faults += _killed(place, builds, dsn, arguments.kills, arguments.seed)
        faults += _opened_by(place)
    print("\n".join(faults) or "all as it must be")
    return 1 if faults else 0


def _builds(database: Path) -> list[Path]:
    """The build, and copies that lack some rows of each table that is read."""
    builds = []
    for number in range(BUILDS):
        copy = Path(shutil.copy(database, WORKPLACE / f"build_{number}.duckdb"))
        # Views name the catalog, which is called like the file.
        folder = WORKPLACE / f"build_{number}"
        folder.mkdir()
        builds.append(copy.rename(folder / database.name))
        with duckdb.connect(str(builds[-1])) as connection:
            for table in TABLES:
                connection.execute(
                    f"delete from {table} where rowid in "
                    f"(select rowid from {table} order by rowid limit {number})"
                )
    return builds


def _command(place: Published, build: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "refurb_warehouse", "publish", "--folder", str(place.folder)),
        *("--database", str(build), "--supplier", "S0001"),
    ]


def _environment(dsn: str) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if name != "REFURB_POSTGRES_DSN"}
    return others | ({"REFURB_POSTGRES_DSN": dsn} if dsn else {})


def _publish(place: Published, build: Path, dsn: str) -> float:
    started = time.monotonic()
    subprocess.run(
        _command(place, build), env=_environment(dsn), check=True, stdout=subprocess.DEVNULL
    )
    return time.monotonic() - started


# ----------------------------------------------------------------------------------- under readers


@contextlib.contextmanager
def _superset(place: Published) -> Iterator[bool]:
    """The dashboards of this folder, where Superset is installed; false where it is not."""
    if not Path("dashboards/.venv/.installed").exists():
        print("without Superset: make dashboards installs it")
        yield False
        return
    environment = os.environ | {
        "REFURB_PUBLISHED": str(place.folder),
        "REFURB_SUPERSET_HOME": str(WORKPLACE.resolve() / SUPERSET_HOME),
    }

    def dashboards(command: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "dashboards", command],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    dashboards("start")
    try:
        yield True
    finally:
        dashboards("stop")


def _under_readers(
    place: Published, builds: list[Path], dsn: str, publishes: int, absent: tuple[str, ...]
) -> list[str]:
    faults, times = [], []
    with _reading(place, dsn, absent) as results:
        for number in range(publishes):
            times.append(_publish(place, builds[(number + 1) % BUILDS], dsn))
            if (number + 1) % 10 == 0:
                print(f"{number + 1} publishes", flush=True)
    print(
        f"{publishes} publishes under readers: {sum(times) / len(times):.1f} s each, "
        f"{min(times):.1f} to {max(times):.1f}"
    )
    print(f"{'reader':<22}{'reads':>8}{'errors':>8}{'mixed':>8}{'versions':>10}")
    for reader, result in results.items():
        print(
            f"{reader:<22}{result['reads']:>8}{result['failed']:>8}{result['mixed']:>8}"
            f"{result['versions']:>10}",
            flush=True,
        )
        if result["failed"] or result["mixed"] or result["reads"] < publishes:
            faults.append(f"reader {reader}: {result}")
    return faults


@contextlib.contextmanager
def _reading(place: Published, dsn: str, absent: tuple[str, ...]) -> Iterator[dict[str, dict]]:
    """All readers at work; their counts when they have stopped."""
    stop = WORKPLACE / "stop"
    script = Path(__file__).with_name("published_readers.py")
    readers, results = {}, {}
    for reader in READERS:
        if reader in absent or (reader.startswith("postgres") and not dsn):
            continue
        python = _python("pandas", "pyarrow") if reader == "pandas" else sys.executable
        readers[reader] = subprocess.Popen(
            [python, str(script), reader, str(place.folder), dsn, str(stop)],
            stdout=subprocess.PIPE,
            text=True,
        )
    try:
        yield results
    finally:
        stop.touch()
        for reader, process in readers.items():
            results[reader] = json.loads(process.communicate(timeout=60)[0])
        stop.unlink()


def _python(*packages: str) -> str:
    """A Python of its own with these packages, which is made once."""
    folder = Path("build") / ("venv-" + "-".join(packages).replace("==", "-"))
    python = folder.resolve() / "bin" / "python"
    if not python.exists():
        uv = shutil.which("uv") or ".uv/bin/uv"
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--python", python, *packages], check=True)
    return str(python)


# ------------------------------------------------------------------------------------------- kills


def _killed(
    place: Published, builds: list[Path], dsn: str, kills: int, seed: int | None
) -> list[str]:
    seed = seed if seed is not None else random.randrange(10**6)
    moments = random.Random(seed)
    duration = _publish(place, builds[0], dsn)
    faults, kept, apart, ended = [], 0, 0, 0
    for number in range(kills):
        before = place.current()
        publishing = subprocess.Popen(
            _command(place, builds[(number + 1) % BUILDS]),
            env=_environment(dsn),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        delay = moments.uniform(0.3, duration * 1.1)
        time.sleep(delay)
        ended += publishing.poll() is not None
        publishing.send_signal(signal.SIGKILL)
        publishing.wait()
        kept += place.current() == before
        faults += [f"killed after {delay:.2f} s: {fault}" for fault in _not_whole(place)]
        if dsn:
            version, counted, said = read_postgres(place.folder, dsn)
            apart += version != place.current()
            if counted != said or version not in (before, place.current()):
                faults.append(f"killed after {delay:.2f} s: PostgreSQL has {version}, {counted}")
    print(
        f"{kills} publishes killed between 0.3 and {duration * 1.1:.1f} s (seed {seed}): {kept} "
        f"left the version before, {kills - kept} the new one ({ended} had ended), {apart} left "
        "PostgreSQL a version behind the files",
        flush=True,
    )
    _publish(place, builds[0], dsn)
    if left := [path.name for path in place.versions.iterdir() if path.name.startswith(".")]:
        faults.append(f"the next publish left {left}")
    if len(place.all_versions()) > 3:
        faults.append(f"more than three versions: {place.all_versions()}")
    return faults


def _not_whole(place: Published) -> list[str]:
    """What is missing from the version that readers see, file by file."""
    faults = []
    for manifest_file in place.link.resolve().rglob("manifest.json"):
        manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
        if manifest["version"] != place.current():
            faults.append(f"{manifest_file} is of {manifest['version']}")
        for table in manifest["tables"]:
            content = (manifest_file.parent / table["file"]).read_bytes()
            if hashlib.sha256(content).hexdigest() != table["sha256"]:
                faults.append(f"{table['file']} is not what its manifest says")
    for file in place.link.resolve().rglob("refurb.duckdb"):
        with duckdb.connect(str(file), read_only=True) as connection:
            said = connection.execute(
                "select table_schema || '.' || table_name, table_rows "
                "from reference.publication_tables"
            ).fetchall()
            for path, rows in said:
                if connection.execute(f"select count(*) from {path}").fetchone() != (rows,):
                    faults.append(f"{file} has not all rows of {path}")
    return faults


# ------------------------------------------------------------------------------------ other clients


def _opened_by(place: Published) -> list[str]:
    """Each client counts every table of every file, and reads a description."""
    script = """
import sys, duckdb
for file in sys.argv[1:]:
    with duckdb.connect(file, read_only=True) as connection:
        rows = connection.execute("from reference.publication_tables").fetchall()
        for schema, table, said in rows:
            found = connection.execute(f"select count(*) from {schema}.{table}").fetchone()[0]
            assert found == said, (file, schema, table, found, said)
        assert connection.execute("select count(comment) from duckdb_columns()").fetchone()[0] > 20
print(duckdb.__version__)
"""
    files = [str(file) for file in place.link.resolve().rglob("refurb.duckdb")]
    faults = []
    for client in CLIENTS:
        finished = subprocess.run(
            [_python(f"duckdb=={client}"), "-c", script, *files],
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.stdout.strip() != client:
            faults.append(
                f"DuckDB {client} cannot read what is published: {finished.stderr[-800:]}"
            )
        else:
            print(f"DuckDB {client} reads all tables of {len(files)} files")
    return faults


if __name__ == "__main__":
    sys.exit(main())
