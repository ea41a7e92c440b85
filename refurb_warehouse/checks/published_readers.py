"""Readers that ask again and again while versions are published, each in a process of its own.

    python published_readers.py <reader> <folder> <dsn> <stop file>

Imports nothing of the project, so that any Python with the reader's own library can run it. To add
a reader, write a function that returns the version that it read, the rows it counted in TABLES,
and the rows that this version says it has; name it in READERS.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from pathlib import Path

# Tables of several schemas; builds that are published by turns differ in the rows of each.
TABLES = (
    "core.fct_order_lines",
    "quality.mart_supplier_defects",
    "quality.mart_category_defects",
    "repairs.mart_budget_impact",
    "satisfaction.mart_product_satisfaction",
    "service.mart_return_cycle",
    "grading.mart_grade_confusion",
)
COUNTS = ", ".join(f"(select count(*) from {table})" for table in TABLES)
SAID = ", ".join(
    "(select table_rows from reference.publication_tables where table_schema || '.' || table_name "
    f"= '{table}')"
    for table in TABLES
)
IN_ONE = f"select version, {COUNTS}, {SAID} from reference.publication"
Reading = tuple[str, tuple[int, ...], tuple[int, ...]]


def read_duckdb(folder: Path, dsn: str) -> Reading:
    """Open the file, ask several times, close it: as a dashboard does."""
    import duckdb

    with duckdb.connect(str(folder / "refurb.duckdb"), read_only=True) as connection:
        [(version,)] = connection.execute("select version from reference.publication").fetchall()
        counted = tuple(
            connection.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES
        )
        return version, counted, tuple(connection.execute(f"select {SAID}").fetchone())


def read_parquet(folder: Path, dsn: str) -> Reading:
    """Resolve the pointer once, then read files under what it pointed to."""
    import duckdb

    place = (folder / "parquet" / "current").resolve(strict=True)
    manifest, files = _manifest(place)
    with duckdb.connect() as connection:
        counted = tuple(
            connection.execute("select count(*) from read_parquet(?)", [str(file)]).fetchone()[0]
            for file in files
        )
        versions = {
            value
            for file in files
            for (value,) in connection.execute(
                "select decode(value) from parquet_kv_metadata(?) "
                "where decode(key) = 'refurb_version'",
                [str(file)],
            ).fetchall()
        }
    return "+".join(sorted(versions | {manifest["version"]})), counted, _said(manifest)


def read_pandas(folder: Path, dsn: str) -> Reading:
    """The same files as data frames."""
    import pandas

    manifest, files = _manifest((folder / "parquet" / "current").resolve(strict=True))
    return (
        manifest["version"],
        tuple(len(pandas.read_parquet(file)) for file in files),
        _said(manifest),
    )


def read_postgres(folder: Path, dsn: str) -> Reading:
    """One statement over many tables."""
    [(version, *numbers)] = _asked(dsn, IN_ONE)
    return version, tuple(numbers[: len(TABLES)]), tuple(numbers[len(TABLES) :])


def read_postgres_transaction(folder: Path, dsn: str) -> Reading:
    """Many statements in one transaction that keeps to one snapshot."""
    from adbc_driver_postgresql import dbapi

    connection = _CONNECTIONS.setdefault("transaction", None) or dbapi.connect(dsn)
    _CONNECTIONS["transaction"] = connection
    with connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        answers = []
        for table in TABLES:
            cursor.execute(f"select count(*) from {table}")
            answers.append(cursor.fetchone()[0])
        cursor.execute(f"select version, {SAID} from reference.publication")
        version, *said = cursor.fetchone()
    connection.rollback()
    return version, tuple(answers), tuple(said)


def read_superset(folder: Path, dsn: str) -> Reading:
    """One query of a chart, through Superset's API."""
    if "superset" not in _CONNECTIONS:
        _CONNECTIONS["superset"] = Superset(folder.parent / SUPERSET_HOME)
    row = _CONNECTIONS["superset"].row()
    return (
        row["version"],
        tuple(row[f"counted_{number}"] for number in range(len(TABLES))),
        tuple(row[f"said_{number}"] for number in range(len(TABLES))),
    )


class Superset:
    """Who has signed in and made a dataset that counts all tables."""

    def __init__(self, home: Path) -> None:
        port = (home / "server").read_text(encoding="utf-8").split()[1]
        self.base = f"http://127.0.0.1:{port}/api/v1"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.headers = {"Content-Type": "application/json", "Referer": self.base}
        password = (home / "admin_password").read_text(encoding="utf-8").strip()
        who = {"username": "admin", "password": password, "provider": "db"}
        token = self.asked("security/login", who)["access_token"]
        self.headers["Authorization"] = f"Bearer {token}"
        self.headers["X-CSRFToken"] = self.asked("security/csrf_token/")["result"]
        counted = ", ".join(
            f"(select count(*) from {table}) as counted_{number}"
            for number, table in enumerate(TABLES)
        )
        said = ", ".join(
            "(select table_rows from reference.publication_tables "
            f"where table_schema || '.' || table_name = '{table}') as said_{number}"
            for number, table in enumerate(TABLES)
        )
        [database] = self.asked("database/")["result"]
        self.dataset = self.asked(
            "dataset/",
            {
                "database": database["id"],
                "table_name": "rows_of_tables",
                "sql": f"select version, {counted}, {said} from reference.publication",
            },
        )["id"]

    def asked(self, path: str, content: dict | None = None) -> dict:
        """An answer of the API."""
        request = urllib.request.Request(
            f"{self.base}/{path}",
            data=json.dumps(content).encode() if content else None,
            headers=self.headers,
        )
        with self.opener.open(request, timeout=60) as answer:
            return json.load(answer)

    def row(self) -> dict:
        """The only row of the dataset, as a chart of it would have it."""
        columns = [f"{kind}_{n}" for kind in ("counted", "said") for n in range(len(TABLES))]
        answer = self.asked(
            "chart/data",
            {
                "datasource": {"id": self.dataset, "type": "table"},
                "queries": [{"columns": ["version", *columns], "metrics": [], "row_limit": 1}],
                "result_format": "json",
                "result_type": "full",
            },
        )
        return answer["result"][0]["data"][0]


READERS = {
    "duckdb": read_duckdb,
    "parquet": read_parquet,
    "pandas": read_pandas,
    "postgres": read_postgres,
    "postgres-transaction": read_postgres_transaction,
    "superset": read_superset,
}
PAUSE_SECONDS = 0.1
# Beside the folder that is read: what `python -m dashboards start` keeps of its server.
SUPERSET_HOME = "superset"
_CONNECTIONS: dict = {}


def _asked(dsn: str, sql: str) -> list[tuple]:
    from adbc_driver_postgresql import dbapi

    if "plain" not in _CONNECTIONS:
        _CONNECTIONS["plain"] = dbapi.connect(dsn, autocommit=True)
    with _CONNECTIONS["plain"].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _manifest(place: Path) -> tuple[dict, list[Path]]:
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    named = {f"{table['schema']}.{table['name']}": table for table in manifest["tables"]}
    return manifest, [place / named[table]["file"] for table in TABLES]


def _said(manifest: dict) -> tuple[int, ...]:
    rows = {f"{table['schema']}.{table['name']}": table["rows"] for table in manifest["tables"]}
    return tuple(rows[table] for table in TABLES)


def main(reader: str, folder: Path, dsn: str, stop: Path) -> None:
    """Read until the file is there, then print the counts."""
    reads, mixed, errors, versions = 0, 0, [], set()
    while not stop.exists():
        try:
            version, counted, said = READERS[reader](folder, dsn)
        except Exception as error:  # any error is one that a user would see
            errors.append(f"{type(error).__name__}: {error}")
            continue
        finally:
            reads += 1
            # Readers that never pause would have both cores, and the publisher none.
            time.sleep(PAUSE_SECONDS)
        versions.add(version)
        mixed += counted != said or "+" in version
    result = {"reads": reads, "mixed": mixed, "errors": errors[:3], "failed": len(errors)}
    print(json.dumps(result | {"versions": len(versions)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
