"""Publishing: green builds alone, whole versions, and to each audience what it may see."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from adbc_driver_postgresql import dbapi
from conftest import PROJECT, DbtRun
from test_privacy import found, tagged_columns

from refurb_warehouse.__main__ import main
from refurb_warehouse.checks.postgres_server import NoServerError, running_server
from refurb_warehouse.errors import RefurbError
from refurb_warehouse.publishing.audiences import (
    declarations,
    market_query,
    own_rows_query,
)
from refurb_warehouse.publishing.command import publish, switch
from refurb_warehouse.publishing.readiness import attached
from refurb_warehouse.publishing.versions import Published, folder_name

OWN, OTHER = "S0001", "S0002"
EARLIER = "20260101T000000000Z"
RULE = declarations().rule
FILES = ("after_sales", "grading", "public", f"supplier/{OWN}", f"supplier/{OTHER}")
PRIMARY_KEYS = (
    "select schema_name || '.' || table_name, constraint_column_names from duckdb_constraints() "
    "where constraint_type = 'PRIMARY KEY'"
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """DSN of a server of our own; without one installed, what needs it is skipped."""
    try:
        with running_server() as dsn:
            yield dsn
            while SESSIONS:
                SESSIONS.popitem()[1].close()
    except NoServerError as error:
        pytest.skip(f"no PostgreSQL: {error}")


@pytest.fixture(scope="module")
def published(demo_build: DbtRun, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The demo build, published into files, and a version before it; tests leave it as it is."""
    folder = Published(tmp_path_factory.mktemp("published"))
    with folder.locked():
        publish(demo_build.database, folder, [OWN, OTHER])
        earlier = folder.unfinished(EARLIER)
        shutil.copytree(folder.path(folder.current()), earlier, symlinks=True)
        with duckdb.connect(str(earlier / "refurb.duckdb")) as connection:
            connection.execute("update reference.publication set version = ?", [EARLIER])
        folder.finish(EARLIER)
    return folder


@pytest.fixture
def place(published: Published, tmp_path: Path) -> Published:
    """A copy of what is published, to be changed."""
    shutil.copytree(published.folder, tmp_path / "published", symlinks=True)
    return Published(tmp_path / "published")


def state(folder: Published) -> dict[str, str]:
    """Every file and link with its content, but the lock."""
    return {
        str(path.relative_to(folder.folder)): (
            f"-> {path.readlink()}"
            if path.is_symlink()
            else hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in sorted(folder.folder.rglob("*"))
        if path.name != ".lock" and (path.is_symlink() or path.is_file())
    }


def columns(connection: duckdb.DuckDBPyConnection, condition: str = "true") -> list[tuple]:
    """Schema, table and name of columns of the attached file."""
    return connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        f"where database_name = current_database() and not internal and {condition} order by all"
    ).fetchall()


def texts(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Place and value of every distinct text of the attached file."""
    return [
        (f"{schema}.{table}.{column}", value)
        for schema, table, column in columns(connection, "data_type = 'VARCHAR'")
        for (value,) in connection.execute(
            f"select distinct {column} from {schema}.{table} where {column} is not null"
        ).fetchall()
    ]


# ------------------------------------------------------------------------------ what is published


def test_the_file_holds_the_tables_of_the_build(demo_build: DbtRun, published: Published) -> None:
    """Rows, descriptions and keys; of core no person."""
    with attached(published.folder / "refurb.duckdb") as connection:
        counted = dict(
            connection.execute(
                "select table_schema || '.' || table_name, table_rows "
                "from reference.publication_tables"
            ).fetchall()
        )
        commented = connection.execute(
            "select comment from duckdb_columns() where table_name = 'mart_supplier_defects' "
            "and column_name = 'return_rate'"
        ).fetchone()
        seed = connection.execute(
            "select comment from duckdb_tables() where table_name = 'kpi_catalog' union all "
            "select comment from duckdb_columns() where table_name = 'kpi_catalog'"
        ).fetchall()
        keys = connection.execute(PRIMARY_KEYS).fetchall()
        pseudonyms = [row for row in columns(connection) if row[2] in declarations().pseudonyms]
    marts = {
        f"{schema}.{name}": rows
        for schema, name, rows in demo_build.query(
            "select schema_name, table_name, estimated_size from duckdb_tables() "
            "where regexp_matches(table_name, '^(mart|fct|dim)_')"
        )
        if name != "dim_customers"
    }
    assert len(marts) > 80
    assert {path: counted[path] for path in marts} == marts
    assert {"reference.kpi_catalog", "health.build_health", "reference.grade_scale"} <= set(counted)
    assert not {path for path in counted if "rejected" in path or path.startswith("staging")}
    assert "taux de produits défectueux" in commented[0]
    assert len(seed) == 12
    assert all(comment for (comment,) in seed)
    built = [key for key in demo_build.query(PRIMARY_KEYS) if key[0] in counted]
    assert len(keys) > 70
    assert sorted(keys) == sorted(built)
    assert pseudonyms == []


@pytest.mark.parametrize("audience", FILES)
def test_parquet_files_are_those_of_their_manifest(published: Published, audience: str) -> None:
    folder = published.folder / "audiences" / audience / "parquet"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["version"] == published.current()
    assert manifest["as_of_date"] == "2025-12-31"
    assert {table["file"] for table in manifest["tables"]} == {
        str(path.relative_to(folder.resolve())) for path in folder.resolve().rglob("*.parquet")
    }
    with duckdb.connect() as connection:
        for table in manifest["tables"]:
            file = folder / table["file"]
            assert hashlib.sha256(file.read_bytes()).hexdigest() == table["sha256"], file
            names = [name for name, *_ in connection.execute(f"describe from '{file}'").fetchall()]
            assert names == [column["name"] for column in table["columns"]]
        [(versions,)] = connection.execute(
            "select list(distinct decode(value)) from parquet_kv_metadata(?) "
            "where decode(key) = 'refurb_version'",
            [f"{folder.resolve()}/**/*.parquet"],
        ).fetchall()
    assert versions == [published.current()]


def test_the_folder_of_a_supplier_stays_within_its_place() -> None:
    assert folder_name("S0001") == "S0001"
    assert folder_name("../a b/c") == "%2E%2E%2Fa%20b%2Fc"


def test_every_promised_path_is_there(published: Published) -> None:
    current = published.current()
    for path in (
        *("refurb.duckdb", "scorecard.xlsx", "parquet/current/manifest.json"),
        f"parquet/{current}/manifest.json",
        *(f"audiences/{audience}/refurb.duckdb" for audience in FILES),
    ):
        assert (published.folder / path).is_file(), path


def test_the_workbook_has_names_in_both_languages(published: Published) -> None:
    """Shares are shown in per cent, heads stay in sight, and verdicts are explained."""
    with zipfile.ZipFile(published.folder / "scorecard.xlsx") as book:
        shared = book.read("xl/sharedStrings.xml").decode()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
        sheets = re.findall(r'sheet name="(\w+)"', book.read("xl/workbook.xml").decode())
    assert sheets == ["Scorecard", "Verdicts", "Columns", "Source"]
    return_rate = "Taux de retour (taux de produits défectueux, formule imprimée)"
    for words in ("Return rate", return_rate, "borne basse 95 %", "Alerter le fournisseur"):
        assert words in shared
    assert '<pane xSplit="2" ySplit="2"' in sheet
    assert 'formatCode="0.0%"' in styles


# ---------------------------------------------------------------------------- no person, by value


@pytest.fixture(scope="module")
def search(demo_build: DbtRun) -> Iterator[duckdb.DuckDBPyConnection]:
    """Tables `tagged`, values of the demo extracts and their hashes, and `shown`, still empty."""
    with duckdb.connect() as connection:
        connection.execute("create table tagged (tag text, raw_table text, name text, value text)")
        for each in tagged_columns(demo_build):
            connection.execute(
                f"insert into tagged select distinct ?, ?, ?, lower(trim({each.column})) "
                f"from read_csv(?, all_varchar = true) where {each.column} is not null",
                [
                    *(each.tag, each.table, each.column),
                    str(PROJECT / "seeds" / "raw" / f"{each.table}.csv"),
                ],
            )
        for table, column in (
            *(("dim_customers", "customer_id"), ("dim_customers", "person_id")),
            *(("fct_supplier_ratings", "agent_id"), ("fct_evaluations", "device_id")),
        ):
            connection.executemany(
                "insert into tagged values ('hash', ?, ?, ?)",
                [
                    (table, column, value)
                    for (value,) in demo_build.query(f"select distinct {column} from core.{table}")
                    if value
                ],
            )
        connection.execute("create table shown (place text, value text)")
        yield connection


def shown_people(search: duckdb.DuckDBPyConnection, shown: list[tuple[str, str]]) -> list[tuple]:
    """Personal values among the texts."""
    search.execute("delete from shown")
    # A value that stands in many places is searched once.
    rows = [(place, value) for value, place in {v.lower(): p for p, v in sorted(shown)}.items()]
    search.execute(
        "insert into shown select unnest($places), unnest($values)",
        {"places": [place for place, _ in rows], "values": [value for _, value in rows]},
    )
    return found(search)


def test_no_person_is_in_a_file(search: duckdb.DuckDBPyConnection, published: Published) -> None:
    """In no text of a DuckDB file, the workbook or a manifest; Parquet holds the same tables."""
    shown = []
    for audience in FILES:
        with attached(published.folder / "audiences" / audience / "refurb.duckdb") as connection:
            shown += texts(connection)
    with zipfile.ZipFile(published.folder / "scorecard.xlsx") as book:
        shown += [
            ("scorecard.xlsx", words)
            for words in re.findall(">([^<]+)<", book.read("xl/sharedStrings.xml").decode())
        ]
    shown += [
        ("manifest.json", words)
        for words in re.findall(
            '"([^"]+)"', (published.folder / "parquet/current/manifest.json").read_text("utf-8")
        )
    ]
    [(values,)] = search.execute("select count(*) from tagged").fetchall()
    assert values > 15_000
    assert len(shown) > 10_000
    assert shown_people(search, shown) == []
    [(someone,)] = search.execute("select min(value) from tagged where name = 'email'").fetchall()
    [(hashed,)] = search.execute("select min(value) from tagged where tag = 'hash'").fetchall()
    planted = [("planted", f"ask {someone}"), ("planted", hashed)]
    assert len(shown_people(search, [*shown, *planted])) == 2


def test_a_personal_column_is_not_published(demo_build: DbtRun, place: Published) -> None:
    """A pseudonym that nobody declared stops the publication."""
    before = state(place)
    declared = replace(declarations(), pseudonyms=declarations().pseudonyms - {"agent_id"})
    refusal = pytest.raises(RefurbError, match=r"core\.fct_supplier_ratings\.agent_id")
    with refusal:
        publish(demo_build.database, place, [], declared=declared)
    assert state(place) == before


# ------------------------------------------------------------------------ green builds and no other


@pytest.fixture(scope="module")
def other_build(demo_build: DbtRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo's database whose log can be changed."""
    return Path(
        shutil.copy(demo_build.database, tmp_path_factory.mktemp("build") / "refurb.duckdb")
    )


RUN = "insert into health.dbt_runs values ('later', '{}', timestamp '2099-01-01', '{}', '{}', {})"
RED = {
    "a failed test": (
        [
            RUN.format("started", "build", "", True),
            RUN.format("ended", "build", "", True),
            "insert into health.dbt_results values "
            "('later', 'test.a', 'assert_rates_follow', 'test', 'fail', 3)",
        ],
        r"The build is red, nothing was published, .*: failed assert_rates_follow\.",
    ),
    "a test that failed later on": (
        [
            RUN.format("started", "test", "", False),
            RUN.format("ended", "test", "", False),
            "insert into health.dbt_results values "
            "('later', 'test.a', 'assert_later', 'test', 'error', null)",
        ],
        r"The build is red, .* assert_later",
    ),
    "a build of a part": (
        [
            RUN.format("started", "build", "mart_supplier_defects", False),
            RUN.format("ended", "build", "mart_supplier_defects", False),
        ],
        r"of a part \(mart_supplier_defects\), so tables of two builds lie side by side",
    ),
    "a run without tests": (
        [RUN.format("started", "run", "", False), RUN.format("ended", "run", "", False)],
        "last made by dbt run, which runs no tests",
    ),
    "a seed alone": (
        [RUN.format("started", "seed", "", False), RUN.format("ended", "seed", "", False)],
        "last made by dbt seed, which runs no tests",
    ),
    "a build that did not end": (
        [RUN.format("started", "build", "", True)],
        "The last dbt build did not end",
    ),
    "a table that is gone": (
        ["alter table quality.mart_supplier_trend rename to gone"],
        r"Tables are missing from the build, .*: mart_supplier_trend",
    ),
    "an older build": (
        ["update health.dbt_runs set happened_at = happened_at - interval 1 day"],
        "is older than the one that is published",
    ),
}


@pytest.mark.parametrize("fault", RED)
def test_a_build_that_is_not_green_is_refused(
    other_build: Path, published: Published, tmp_path: Path, fault: str
) -> None:
    """And what is published stays as it was."""
    statements, sentence = RED[fault]
    changed = Path(shutil.copy(other_build, tmp_path / "refurb.duckdb"))
    with duckdb.connect(str(changed)) as connection:
        for statement in statements:
            connection.execute(statement)
    before = state(published)
    with pytest.raises(RefurbError, match=sentence):
        publish(changed, published, [])
    assert state(published) == before


def test_what_is_no_build_is_refused(published: Published, tmp_path: Path) -> None:
    with pytest.raises(RefurbError, match="is not there, nothing was published"):
        publish(tmp_path / "nothing.duckdb", published, [])
    (tmp_path / "notes.txt").write_text("notes " * 1000)
    with pytest.raises(RefurbError, match="cannot be read as a DuckDB file"):
        publish(tmp_path / "notes.txt", published, [])
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(RefurbError, match="does not hold a finished build"):
        publish(tmp_path / "empty.duckdb", published, [])


# ------------------------------------------------------------------------------- one whole version


def test_rollback_goes_back_one_version(
    place: Published, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REFURB_POSTGRES_DSN", raising=False)
    first, second = place.all_versions()
    folder = ["--folder", str(place.folder)]
    assert place.current() == second
    assert main(["rollback", *folder]) == 0
    with attached(place.folder / "refurb.duckdb") as connection:
        assert connection.execute("select version from reference.publication").fetchall() == [
            (first,)
        ]
    assert main(["rollback", *folder]) == 1
    assert "no version to go back to" in capsys.readouterr().err
    assert main(["rollback", *folder, "--to", second]) == 0
    assert place.current() == second


def test_three_versions_are_kept_and_leftovers_go(tmp_path: Path) -> None:
    """A rolled back version goes with the next publish, as does what a kill left."""
    place = Published(tmp_path)
    with place.locked():
        for number in range(5):
            name = f"2026010{number}T000000000Z"
            place.unfinished(name).joinpath("parquet").mkdir(parents=True)
            place.finish(name)
            place.make_current(name)
            place.keep_last(3)
        assert place.all_versions() == [f"2026010{number}T000000000Z" for number in (2, 3, 4)]
        assert place.before("20260104T000000000Z") == "20260103T000000000Z"
        place.make_current("20260103T000000000Z")
        place.unfinished("20260105T000000000Z").mkdir()
        (tmp_path / ".current.new").symlink_to("nowhere")
        place.remove_leftovers()
        assert place.all_versions() == ["20260102T000000000Z", "20260103T000000000Z"]
    assert sorted(path.name for path in (tmp_path / "versions").iterdir()) == place.all_versions()
    assert {path.name for path in (tmp_path / "parquet").iterdir()} == {
        *("20260102T000000000Z", "20260103T000000000Z", "current")
    }
    assert not (tmp_path / ".current.new").is_symlink()


def test_versions_sort_by_time_even_when_the_clock_goes_back(tmp_path: Path) -> None:
    place = Published(tmp_path)
    (place.versions / "20990101T000000000Z").mkdir(parents=True)
    assert place.next_version()[0] == "20990101T000000001Z"


def test_the_second_of_two_publishes_says_so_and_stops(
    published: Published, demo_build: DbtRun, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(published)
    with published.locked():
        code = main(
            [
                *("publish", "--folder", str(published.folder)),
                *("--database", str(demo_build.database)),
            ]
        )
    assert code == 1
    assert f"process {os.getpid()}, is at work in" in capsys.readouterr().err
    assert state(published) == before


def command(place: Published, database: Path) -> list[str]:
    """The command line of a publish without files for suppliers."""
    return [
        *(sys.executable, "-m", "refurb_warehouse", "publish", "--folder", str(place.folder)),
        *("--database", str(database), "--supplier", OWN),
    ]


@pytest.mark.parametrize("moment", ["while it writes", "before the swap"])
def test_a_killed_publish_leaves_a_whole_version(
    demo_build: DbtRun, place: Published, moment: str
) -> None:
    """The version before, or the new one; what the kill left goes with the next."""
    before, known = place.current(), set(place.all_versions())
    environment = {name: value for name, value in os.environ.items() if "POSTGRES" not in name}
    with subprocess.Popen(
        command(place, demo_build.database), cwd=PROJECT, env=environment, stdout=subprocess.PIPE
    ) as publishing:
        until = time.monotonic() + 60
        while time.monotonic() < until and publishing.poll() is None:
            if moment == "while it writes":
                if list(place.versions.glob(".*/parquet")):
                    break
            elif set(place.all_versions()) - known:
                break
            time.sleep(0.001)
        publishing.send_signal(signal.SIGKILL)
    assert place.current() in {before, *(set(place.all_versions()) - known)}
    with attached(place.folder / "refurb.duckdb") as connection:
        assert connection.execute("select version from reference.publication").fetchall() == [
            (place.current(),)
        ]
    with place.locked():
        place.remove_leftovers()
        assert place.all_versions()[-1] == place.current()
    assert not list(place.versions.glob(".*"))


def test_a_full_or_read_only_disk_changes_nothing(
    demo_build: DbtRun, published: Published, tmp_path: Path
) -> None:
    """On a disk of its own that is full after some megabytes, and then read-only."""
    disk = Published(tmp_path / "disk")
    disk.folder.mkdir()
    size = sum(path.stat().st_size for path in published.folder.rglob("*") if path.is_file())
    again = " ".join(f"'{word}'" for word in command(disk, demo_build.database))
    script = f"""
        mount -t tmpfs -o size={2 * size // 4096 * 4096} tmpfs '{disk.folder}'
        cp -a '{published.folder}/.' '{disk.folder}/'
        head -c {2 * size} /dev/zero > '{disk.folder}/other' 2> /dev/null || true
        truncate -s -4M '{disk.folder}/other'
        readlink '{disk.folder}/current'; ls '{disk.folder}/versions'
        {again} 2>&1 || echo refused
        readlink '{disk.folder}/current'; ls -A '{disk.folder}/versions'
        mount -o remount,ro '{disk.folder}'
        {again} 2>&1 || echo refused
    """
    finished = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-ec", script],
        cwd=PROJECT,
        env={name: value for name, value in os.environ.items() if "POSTGRES" not in name},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if finished.returncode:
        pytest.skip(f"no disk can be mounted here: {finished.stderr}")
    lines = finished.stdout.splitlines()
    assert lines[:3] == [f"versions/{published.current()}", *published.all_versions()]
    assert lines[3].startswith(f"error: The disk of {disk.folder} is full, nothing was published")
    assert lines[4:8] == ["refused", *lines[:3]]
    assert lines[8].startswith(f"error: {disk.folder} cannot be written, nothing was published")
    assert lines[9:] == ["refused"]


# ---------------------------------------------------------------------------------------- audiences


def suppliers(build: DbtRun) -> dict[str, str]:
    """Names of suppliers by identifier."""
    return dict(build.query("select supplier_id, supplier_name from core.dim_suppliers"))


def words_of_suppliers(shown: list[tuple[str, str]], names: dict[str, str]) -> set[str]:
    """Identifiers and names of suppliers that stand in the texts."""
    words = {word for pair in names.items() for word in pair if word}
    return {word for word in words for _place, value in shown if word in value}


@pytest.mark.parametrize("supplier", [OWN, OTHER])
def test_a_supplier_reads_of_itself_and_of_no_other(
    demo_build: DbtRun, published: Published, supplier: str
) -> None:
    names = suppliers(demo_build)
    folder = published.folder / "audiences" / "supplier" / supplier
    with attached(folder / "refurb.duckdb") as connection:
        assert words_of_suppliers(texts(connection), names) == {supplier, names[supplier]}
        own_tables = {table for schema, table, _ in columns(connection) if schema == "supplier"}
        assert own_tables == {each.name for each in declarations().own_rows}
        for schema, table, column in columns(connection):
            if column in ("supplier_id", "entity_id"):
                assert connection.execute(
                    f"select count(*) from {schema}.{table} where {column} <> ?", [supplier]
                ).fetchone() == (0,)
        rows = connection.execute("select count(*) from supplier.mart_category_defects").fetchone()
        assert not [row for row in columns(connection) if "agent" in row[2]]
    assert [rows] == demo_build.query(
        "select count(*) from quality.mart_category_defects where supplier_id = ?", [supplier]
    )


def test_the_public_reads_of_no_supplier(demo_build: DbtRun, published: Published) -> None:
    with attached(published.folder / "audiences" / "public" / "refurb.duckdb") as connection:
        assert words_of_suppliers(texts(connection), suppliers(demo_build)) == set()
        assert not [
            row for row in columns(connection) if row[2] in ("supplier_id", "supplier_name")
        ]
        assert connection.execute("select count(*) > 20 from market.category_defects").fetchone()[0]


@pytest.mark.parametrize("audience", ["grading", "supplier", "public"])
def test_an_audience_sees_what_is_declared_and_nothing_else(
    published: Published, audience: str
) -> None:
    """So a new mart is seen by after_sales alone, until somebody declares it."""
    declared = declarations().audience(audience)
    place = f"supplier/{OWN}" if audience == "supplier" else audience
    with attached(published.folder / "audiences" / place / "refurb.duckdb") as connection:
        seen = {f"{schema}.{table}" for schema, table, _ in columns(connection)}
    own = {f"supplier.{each.name}" for each in declarations().own_rows}
    assert seen == set(declared.tables) | (own if audience == "supplier" else set()) | {
        *("reference.publication", "reference.publication_tables")
    }
    assert not declared.sees_everything


def test_exposures_name_what_each_audience_is_made_of(
    demo_build: DbtRun, published: Published
) -> None:
    """Lineage leads from a model to everybody who reads it: name a new mart in the exposure too."""
    manifest = demo_build.artifact("manifest.json")
    exposures = {
        exposure["name"]: {node.rsplit(".", 1)[1] for node in exposure["depends_on"]["nodes"]}
        for exposure in manifest["exposures"].values()
    }
    declared = declarations()
    made_of = {f"market.{each.name}": each.table for each in declared.market}
    own = {each.table for each in declared.own_rows}
    own |= {each.market.cells for each in declared.own_rows if each.market}
    with attached(published.folder / "refurb.duckdb") as connection:
        everything = {
            f"{schema}.{table}"
            for schema, table, _ in columns(connection)
            if schema != "market" and not table.startswith("publication")
        }
    for audience in declared.audiences:
        paths = everything if audience.sees_everything else set(audience.tables)
        paths |= own if audience.sees_own_rows else set()
        names = {made_of.get(path, path).partition(".")[2] for path in paths}
        assert exposures[f"published_{audience.name}"] == names, audience.name


def test_a_table_that_shows_suppliers_is_stopped_before_the_public(
    demo_build: DbtRun, place: Published
) -> None:
    """Also one that shows them under another name."""
    before, public = state(place), declarations().audience("public")
    declared = replace(
        declarations(),
        audiences=(replace(public, tables=("grading.mart_alert_measures",)),),
    )
    refusal = pytest.raises(RefurbError, match=r"mart_alert_measures\.entity_id would show 'S00")
    with refusal:
        publish(demo_build.database, place, [], declared=declared)
    assert state(place) == before


def test_a_declared_table_that_is_gone_is_named(demo_build: DbtRun, place: Published) -> None:
    before, public = state(place), declarations().audience("public")
    declared = replace(
        declarations(), audiences=(replace(public, tables=("quality.mart_of_old",)),)
    )
    with pytest.raises(RefurbError, match=r"missing from the build, .*: quality\.mart_of_old"):
        publish(demo_build.database, place, [], declared=declared)
    assert state(place) == before


EVEN = {"A": 10, "B": 10, "C": 10, "D": 10}
CELLS = [
    # category, month, units by supplier, and whether the cell may be shown
    ("four of a size", 1, EVEN, True),
    ("three", 1, {"A": 10, "B": 10, "C": 10}, False),
    ("three others", 1, {"B": 10, "C": 10, "D": 10}, False),
    # what is left out of the month is of two: it could be told from the month and the rest
    ("four of a size", 2, EVEN, False),
    ("two", 2, {"A": 5, "B": 5}, False),
    ("a giant among four", 3, EVEN | {"A": 1000}, False),
    ("a large one among four", 4, EVEN | {"A": 100}, True),
    ("four, one without a unit", 5, EVEN | {"D": 0}, False),
]


def test_market_figures_of_few_suppliers_are_left_out() -> None:
    market = next(each for each in declarations().market if each.add_up)
    market = replace(market, by=("category", "order_month"), add_up=("ordered_units",))
    with duckdb.connect() as connection:
        connection.execute("create schema quality")
        connection.execute(
            "create table quality.mart_category_defects "
            "(category text, order_month int, supplier_id text, ordered_units int)"
        )
        for category, month, units, _ in CELLS:
            for supplier, count in units.items():
                connection.execute(
                    "insert into quality.mart_category_defects values (?, ?, ?, ?)",
                    [category, month, supplier, count],
                )
        shown = connection.execute(market_query(market, RULE)).fetchall()
    assert sorted(shown) == sorted(
        (category, month, sum(units.values()))
        for category, month, units, is_shown in CELLS
        if is_shown
    )


def test_a_supplier_with_few_peers_is_not_compared() -> None:
    """E shares its cells with one other: what is expected of it would tell of that one."""
    scorecard = next(each for each in declarations().own_rows if each.market.pooled)
    scorecard = replace(
        scorecard,
        without=(),
        market=replace(scorecard.market, columns=("expected_defect_units",)),
    )
    with duckdb.connect() as connection:
        connection.execute("create schema quality")
        connection.execute(
            "create table quality.mart_category_defects as from (values "
            "('phones', 1, 'A', 10), ('phones', 1, 'B', 10), ('phones', 1, 'C', 10), "
            "('phones', 1, 'D', 10), ('drones', 1, 'E', 10), ('drones', 1, 'D', 10)) "
            "as cells (category, order_month, supplier_id, ordered_units)"
        )
        connection.execute(
            "create table quality.mart_supplier_scorecard as "
            "select unnest(['A', 'D', 'E', 'F']) as supplier_id, 7 as expected_defect_units"
        )
        query = own_rows_query(scorecard, ["supplier_id", "expected_defect_units"], RULE)
        assert sorted(connection.execute(query).fetchall()) == [
            *(("A", 7), ("D", 7), ("E", None), ("F", None))
        ]


# --------------------------------------------------------------------------------------- PostgreSQL


SESSIONS: dict[str, dbapi.Connection] = {}


def asked(dsn: str, *statements: str) -> list[tuple]:
    """Rows of the last statement. Every login has one session, for it takes long to open one."""
    if dsn not in SESSIONS:
        SESSIONS[dsn] = dbapi.connect(dsn, autocommit=True)
    with SESSIONS[dsn].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if statements[-1].startswith("select") else []


def refused(dsn: str, statement: str) -> bool:
    """True when the server refuses the statement for want of a right."""
    try:
        asked(dsn, statement)
    except dbapi.Error as error:
        return "permission denied" in str(error) or "must be" in str(error)
    return False


LOGINS = {
    "ana": "refurb_after_sales",
    "greg": "refurb_grading",
    "sup_one": "refurb_supplier",
    "sup_new": "refurb_supplier",
    "pat": "refurb_public",
}


@pytest.fixture(scope="module")
def loaded(
    server: str, published: Published, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Published]:
    """The current version in PostgreSQL, with a login for each audience."""
    folder = tmp_path_factory.mktemp("with postgres") / "published"
    shutil.copytree(published.folder, folder, symlinks=True)
    place = Published(folder)
    switch(place, place.current(), server)
    for login, role in LOGINS.items():
        asked(server, f"create role {login} login in role {role}")
    asked(server, f"insert into access.supplier_logins values ('sup_one', '{OWN}')")
    return server, place


def login(dsn: str, name: str) -> str:
    """The same database for another login."""
    return dsn.replace("//postgres@", f"//{name}@")


def tables_of(dsn: str) -> dict[str, bool]:
    """Every table of the published schemas, and whether the login may read it."""
    return dict(
        asked(
            dsn,
            "select schemaname || '.' || tablename, "
            "has_schema_privilege(schemaname, 'usage') "
            "and has_table_privilege(quote_ident(schemaname) || '.' || tablename, 'select') "
            "from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
        )
    )


def test_postgres_holds_what_the_files_hold(loaded: tuple[str, Published]) -> None:
    """Rows and sums of decimals, descriptions, and the version."""
    dsn, place = loaded
    with attached(place.folder / "refurb.duckdb") as connection:
        expected = connection.execute(
            "select table_schema || '.' || table_name, table_rows from reference.publication_tables"
        ).fetchall()
        price = connection.execute(
            "select cast(sum(sales_eur) as text) from repairs.mart_repair_coverage"
        ).fetchone()
    counted = asked(
        dsn,
        " union all ".join(f"select '{path}', count(*) from {path}" for path, _ in expected),
    )
    assert sorted(counted) == sorted(expected)
    assert asked(dsn, "select cast(sum(sales_eur) as text) from repairs.mart_repair_coverage") == [
        price
    ]
    assert asked(dsn, "select version from reference.publication") == [(place.current(),)]
    assert asked(
        dsn, "select obj_description('quality.mart_supplier_scorecard'::regclass) like '%verdict%'"
    ) == [(True,)]


def test_no_person_is_in_postgres(
    search: duckdb.DuckDBPyConnection, loaded: tuple[str, Published], published: Published
) -> None:
    """The schemas that no file has; the others hold what files hold."""
    dsn, _ = loaded
    texts_there = [
        (f"{schema}.{table}.{column}", value)
        for schema, table, column in asked(
            dsn,
            "select table_schema, table_name, column_name from information_schema.columns "
            "where table_schema in ('supplier', 'access', 'reference', 'core') "
            "and data_type in ('text', 'name')",
        )
        for (value,) in asked(
            dsn, f"select distinct {column}::text from {schema}.{table} where {column} is not null"
        )
    ]
    with attached(published.folder / "refurb.duckdb") as connection:
        known = {value for _, value in texts(connection)}
    assert len(texts_there) > 10_000
    assert shown_people(search, [row for row in texts_there if row[1] not in known]) == []


@pytest.mark.parametrize("name", LOGINS)
def test_each_login_reads_what_is_declared_and_is_refused_the_rest(
    loaded: tuple[str, Published], name: str
) -> None:
    """Each table is really asked."""
    dsn = login(loaded[0], name)
    audience = next(each for each in declarations().audiences if each.role == LOGINS[name])
    tables = tables_of(loaded[0])
    own = {f"supplier.{each.name}" for each in declarations().own_rows}
    expected = (
        {path for path in tables if not path.startswith(("supplier.", "access."))}
        if audience.sees_everything
        else {*audience.tables, "reference.publication"}
    )
    expected |= own if audience.sees_own_rows else set()
    assert {path for path, is_read in tables_of(dsn).items() if is_read} == expected
    assert len(set(tables) - expected) >= len(own) + 1
    for path in sorted(set(tables) - expected):
        assert refused(dsn, f"select 1 from {path} limit 1"), path
    for path in sorted(expected):
        asked(dsn, f"select 1 from {path} limit 1")
    assert refused(dsn, "delete from reference.publication")
    assert refused(dsn, "create table reference.mine (a int)")


def test_a_supplier_cannot_reach_rows_of_another(
    demo_build: DbtRun, loaded: tuple[str, Published]
) -> None:
    """Not by a role, a setting, the table of logins, a policy or a function of its own."""
    dsn = login(loaded[0], "sup_one")
    own = [f"supplier.{each.name}" for each in declarations().own_rows]
    names = suppliers(demo_build)
    for each in declarations().own_rows:
        ids = asked(dsn, f"select distinct {each.own} from supplier.{each.name}")
        assert ids in ([(OWN,)], []), each.name
    [(rows,)] = asked(dsn, "select count(*) from supplier.mart_supplier_defects")
    assert [(rows,)] == demo_build.query(
        "select count(*) from quality.mart_supplier_defects where supplier_id = ?", [OWN]
    )
    seen = "|".join(
        f"{value}" for path in own for (value,) in asked(dsn, f"select t::text from {path} as t")
    )
    assert words_of_suppliers([("seen", seen)], names) == {OWN, names[OWN]}
    scorecard = "select count(*) from supplier.mart_supplier_scorecard"
    tricks = (
        "set role refurb_supplier",
        "set search_path = pg_temp",
        "select set_config('session_authorization', 'sup_one', false)",
    )
    for trick in tricks:
        assert asked(dsn, trick, scorecard) == [(1,)], trick
        asked(dsn, "reset role", "reset all")
    with pytest.raises(dbapi.Error, match="would be affected by row-level security"):
        asked(dsn, "set row_security = off", scorecard)
    asked(dsn, "reset all")
    for attempt in (
        "select * from access.supplier_logins",
        f"insert into access.supplier_logins values ('sup_one', '{OTHER}')",
        f"update access.supplier_logins set supplier_id = '{OTHER}'",
        "alter table supplier.mart_supplier_scorecard disable row level security",
        "drop policy own_rows on supplier.mart_supplier_scorecard",
        "set role refurb_after_sales",
        "set session authorization postgres",
        "create function access.own_suppliers() returns setof text language sql as 'select 1'",
    ):
        assert refused(dsn, attempt), attempt
    assert asked(login(loaded[0], "sup_new"), scorecard) == [(0,)]


def test_rights_and_rows_are_whole_again_after_the_next_version(
    loaded: tuple[str, Published], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where somebody changed them, or a table: and a rollback goes back in both."""
    dsn, place = loaded
    current = place.current()
    asked(
        dsn,
        "grant select on quality.mart_supplier_scorecard to refurb_public",
        "revoke select on market.category_defects from refurb_public",
        "alter table supplier.mart_supplier_defects disable row level security",
        "alter table supplier.mart_defect_types add column surplus int",
        "delete from core.dim_suppliers",
        "create table quality.mart_of_old (a int)",
        "create view public.mine as select supplier_id from quality.mart_supplier_scorecard",
    )
    monkeypatch.setenv("REFURB_POSTGRES_DSN", dsn)
    assert main(["rollback", "--folder", str(place.folder)]) == 0
    assert place.current() == EARLIER
    assert asked(dsn, "select version from reference.publication") == [(EARLIER,)]
    public, supplier = login(dsn, "pat"), login(dsn, "sup_one")
    assert refused(public, "select 1 from quality.mart_supplier_scorecard")
    assert asked(public, "select count(*) > 0 from market.category_defects") == [(True,)]
    for table in ("mart_supplier_defects", "mart_defect_types"):
        assert asked(supplier, f"select distinct supplier_id from supplier.{table}") == [(OWN,)]
    assert asked(dsn, "select count(*) from core.dim_suppliers") == [(15,)]
    assert asked(dsn, "select count(*) from public.mine") == [(15,)]
    asked(dsn, "drop view public.mine")
    assert "quality.mart_of_old" not in tables_of(dsn)
    assert main(["rollback", "--folder", str(place.folder), "--to", current]) == 0
    assert asked(dsn, "select version from reference.publication") == [(current,)]


def test_what_postgres_refuses_changes_nothing(
    loaded: tuple[str, Published],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A server that is away, a schema of somebody else, a right that is missing."""
    dsn, place = loaded
    before = state(place)
    ours = "comment on schema market is 'Published by Refurb Warehouse.'"
    for comment, broken, sentence in (
        ("comment on schema market is 'mine'", dsn, "the schema market is there and was not made"),
        (ours, login(dsn, "pat"), "a right is missing"),
        (ours, "postgresql://nobody@127.0.0.1:1/none", "it cannot be reached"),
    ):
        asked(dsn, comment)
        monkeypatch.setenv("REFURB_POSTGRES_DSN", broken)
        assert main(["rollback", "--folder", str(place.folder)]) == 1
        error = capsys.readouterr().err
        assert "PostgreSQL did not take version" in error
        assert sentence in error
        assert state(place) == before
        assert asked(dsn, "select version from reference.publication") == [(place.current(),)]
