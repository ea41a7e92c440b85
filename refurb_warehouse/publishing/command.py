"""The commands `publish` and `rollback`."""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import xlsxwriter.exceptions

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.finished_build import DEFAULT_DATABASE, database_file
from refurb_warehouse.publishing import parquet, postgres, safety
from refurb_warehouse.publishing.audiences import Audience, Declarations, declarations
from refurb_warehouse.publishing.contents import (
    PUBLICATION,
    Relation,
    Version,
    for_audience,
    market_relations,
    own_relations,
    published_relations,
    relations_of_build,
    with_seed_descriptions,
    write_file,
)
from refurb_warehouse.publishing.readiness import (
    UNCHANGED,
    Build,
    attached,
    green_build,
    open_build,
)
from refurb_warehouse.publishing.versions import (
    AUDIENCES,
    DATABASE,
    PARQUET,
    WORKBOOK,
    Published,
    folder_name,
)
from refurb_warehouse.publishing.workbook import SCORECARD, write_workbook

PROJECT = Path(__file__).resolve().parents[2]
DEFAULT_FOLDER = "published"
KEPT_VERSIONS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `publish`."""
    parser.description = (
        "Publish the last build, if it is green: DuckDB files, Parquet files, an Excel workbook, "
        "and PostgreSQL where REFURB_POSTGRES_DSN names one. Readers see the old version or the "
        "new one, whole."
    )
    parser.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        help=f"file of the build (default REFURB_DATABASE, without it {DEFAULT_DATABASE})",
    )
    _add_folder(parser)
    parser.add_argument(
        "--supplier",
        action="append",
        metavar="ID",
        help="write files for this supplier; may be repeated, `all` stands for every one, `none` "
        "for none (default: for those who have files in the current version)",
    )
    parser.set_defaults(run=run_publish)


def add_rollback_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `rollback`."""
    parser.description = (
        "Make the version before the current one current again, in files and in PostgreSQL."
    )
    _add_folder(parser)
    parser.add_argument(
        "--to", metavar="VERSION", help="this version instead of the one before, also a newer one"
    )
    parser.add_argument("--list", action="store_true", help="list the versions and change nothing")
    parser.set_defaults(run=run_rollback)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="DIR",
        help=f"where to publish (default REFURB_PUBLISHED, without it {DEFAULT_FOLDER})",
    )


def _folder(arguments: argparse.Namespace) -> Published:
    return Published(arguments.folder or Path(os.environ.get("REFURB_PUBLISHED") or DEFAULT_FOLDER))


# ----------------------------------------------------------------------------------------- publish


def run_publish(arguments: argparse.Namespace) -> None:
    """Publish the build and say what was published."""
    database = database_file(arguments.database)
    published = _folder(arguments)
    started = time.monotonic()
    with _explained(published), published.locked():
        version = publish(
            database, published, arguments.supplier, os.environ.get("REFURB_POSTGRES_DSN")
        )
    tables = sum(1 for _ in (published.path(version.version) / PARQUET).rglob("*.parquet"))
    print(
        f"Published version {version.version}: data up to {version.as_of_date}, build "
        f"{version.build_status}, {tables} tables, {time.monotonic() - started:.1f} s"
    )
    print(f"Open {published.folder / DATABASE}; docs/publishing.md says what else there is.")


def publish(
    database: Path,
    published: Published,
    suppliers: list[str] | None = None,
    dsn: str | None = None,
    declared: Declarations | None = None,
) -> Version:
    """Write a new version beside the others and make it current. The lock is held by the caller."""
    declared = declared or declarations()
    personal = safety.tagged_columns(PROJECT)
    published.remove_leftovers()
    name, at = published.next_version()
    folder = published.unfinished(name)
    try:
        with open_build(database) as source:
            build = green_build(source, database)
            _refuse_older(published, build)
            version = Version(name, at, build.as_of_date, build.started_at, build.status)
            if suppliers is None:
                # Who has files goes on having them.
                suppliers = sorted(set(published.suppliers()) & set(supplier_names(source)))
            folder.mkdir()
            relations = _write_warehouse(folder, source, build, version, personal, declared)
        _write_everything_else(folder, version, suppliers, relations, personal, declared)
        published.finish(name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    switch(published, name, dsn, declared)
    published.keep_last(KEPT_VERSIONS)
    return version


def _refuse_older(published: Published, build: Build) -> None:
    current = published.current()
    if current is None:
        return
    with attached(published.path(current) / DATABASE) as connection:
        [(built_at,)] = connection.execute(f"select built_at from {PUBLICATION}").fetchall()
    if build.started_at < built_at:
        raise RefurbError(
            f"This build, of {build.started_at:%Y-%m-%d %H:%M}, is older than the one that is "
            f"published, of {built_at:%Y-%m-%d %H:%M} (UTC), {UNCHANGED}. To go back, run make "
            "rollback; else look at REFURB_DATABASE, and build anew."
        )


def _write_warehouse(
    folder: Path,
    source: duckdb.DuckDBPyConnection,
    build: Build,
    version: Version,
    personal: set[str],
    declared: Declarations,
) -> list[Relation]:
    """The file of the whole warehouse: the one part that keeps builds waiting."""
    relations = with_seed_descriptions(relations_of_build(source, build, declared), PROJECT)
    safety.check_columns(relations, personal, declared)
    market = market_relations(source, relations, declared)
    rows = write_file(folder / DATABASE, source, [*relations, *market], version, "after_sales")
    safety.check_counts(source, relations, rows)
    safety.check_file(folder / DATABASE, rows)
    return [*relations, *market]


def _write_everything_else(
    folder: Path,
    version: Version,
    suppliers: list[str],
    relations: list[Relation],
    personal: set[str],
    declared: Declarations,
) -> None:
    """Parquet, the workbook and the files of audiences, made from the new file and nothing else."""
    with attached(folder / DATABASE) as source:
        relations = published_relations(source, relations)
        safety.check_values(source, relations, "anybody")
        own = own_relations(source, relations, declared)
        safety.check_columns([each for each, _ in own], personal, declared)
        names = supplier_names(source)
        parts = []
        for audience in declared.audiences:
            if audience.sees_everything:
                continue
            for supplier in _readers(audience, suppliers, list(names)):
                seen = for_audience(audience, relations, [], own, supplier)
                _check_suppliers(source, seen, audience, supplier, names)
                parts.append((audience, supplier, seen))
        main = folder / PARQUET
        parquet.export(main, source, relations, version, "after_sales")
        scorecard = next(each for each in relations if each.path == SCORECARD)
        write_workbook(folder / WORKBOOK, source, scorecard, version)
        for audience in declared.audiences:
            if audience.sees_everything:
                place = folder / AUDIENCES / audience.name
                place.mkdir(parents=True)
                (place / DATABASE).hardlink_to(folder / DATABASE)
                (place / PARQUET).symlink_to(f"../../{PARQUET}")
        for audience, supplier, seen in parts:
            place = folder / AUDIENCES / audience.name / folder_name(supplier or "")
            place.mkdir(parents=True)
            rows = write_file(place / DATABASE, source, seen, version, audience.name)
            safety.check_file(place / DATABASE, rows)
            shared = None if audience.sees_own_rows else main
            parquet.export(place / PARQUET, source, seen, version, audience.name, shared)


def _check_suppliers(
    source: duckdb.DuckDBPyConnection,
    seen: list[Relation],
    audience: Audience,
    supplier: str | None,
    names: dict[str, str | None],
) -> None:
    """Who may not see suppliers sees none but itself, whatever is declared."""
    if audience.is_naming_suppliers:
        return
    own = {supplier, names.get(supplier)}
    others = {word for pair in names.items() for word in pair if word} - own
    who = f"the audience {audience.name}" + (f" ({supplier})" if supplier else "")
    safety.check_values(source, seen, who, others)


def supplier_names(source: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """Suppliers by their identifier."""
    return dict(
        source.execute(
            "select supplier_id, supplier_name from core.dim_suppliers order by supplier_id"
        ).fetchall()
    )


def _readers(audience: Audience, suppliers: list[str], known: list[str]) -> list[str | None]:
    """For whom a file is written: each supplier of the audience of suppliers, or all at once."""
    if not audience.sees_own_rows:
        return [None]
    if "none" in suppliers:
        return []
    if "all" in suppliers:
        return list(known)
    if unknown := sorted(set(suppliers) - set(known)):
        raise RefurbError(
            f"No supplier {', '.join(unknown)} in core.dim_suppliers, {UNCHANGED}: name one of "
            f"{', '.join(known[:5])} ..."
        )
    return sorted(set(suppliers))


# ------------------------------------------------------------------------------- making it current


def switch(
    published: Published, version: str, dsn: str | None, declared: Declarations | None = None
) -> None:
    """Make a version current for readers of files and of PostgreSQL.

    PostgreSQL is made ready first and commits last, so that only a commit that fails after all else
    went well leaves the two apart for a moment: then the files go back.
    """
    before = published.current()
    if not dsn:
        published.make_current(version)
        return
    file = published.path(version) / DATABASE
    try:
        with postgres.loaded(dsn, file, declared or declarations()) as commit:
            published.make_current(version)
            try:
                commit()
            except BaseException:
                published.make_current(before)
                raise
    except postgres.PostgresError as error:
        raise RefurbError(
            f"PostgreSQL did not take version {version}, {UNCHANGED}, in files and there: {error}"
        ) from error


# ---------------------------------------------------------------------------------------- rollback


def run_rollback(arguments: argparse.Namespace) -> None:
    """Go back one version and say which one is current."""
    published = _folder(arguments)
    if arguments.list:
        _list(published)
        return
    with _explained(published), published.locked():
        current = published.current()
        target = arguments.to or (current and published.before(current))
        if current is None or target is None:
            known = f"{current} is the only version" if current else "nothing is published yet"
            raise RefurbError(
                f"There is no version to go back to in {published.folder}: {known}. Run make "
                "publish after a green build."
            )
        if target not in published.all_versions():
            raise RefurbError(
                f"There is no version {target} in {published.folder}: there are "
                f"{', '.join(published.all_versions())}."
            )
        switch(published, target, os.environ.get("REFURB_POSTGRES_DSN"))
    print(f"Version {target} is current again; before it was {current}.")


def _list(published: Published) -> None:
    current = published.current()
    for version in reversed(published.all_versions()):
        print(f"{'*' if version == current else ' '} {version}")


@contextmanager
def _explained(published: Published) -> Iterator[None]:
    """Errors of disks as one sentence. What is published is as it was in all of them."""
    try:
        yield
    except OSError as error:
        raise RefurbError(_disk_fault(published.folder, error.errno, str(error))) from error
    except xlsxwriter.exceptions.XlsxFileError as error:
        raise RefurbError(_disk_fault(published.folder, None, str(error))) from error
    except duckdb.Error as error:
        code = errno.ENOSPC if "No space left" in str(error) else None
        raise RefurbError(_disk_fault(published.folder, code, str(error))) from error


def _disk_fault(folder: Path, code: int | None, error: str) -> str:
    if code == errno.ENOSPC or "No space left" in error:
        return (
            f"The disk of {folder} is full, {UNCHANGED}: free some space, or name a folder on "
            "another disk by REFURB_PUBLISHED. A version takes about twice its DuckDB file."
        )
    if code in (errno.EACCES, errno.EPERM, errno.EROFS) or "Permission denied" in error:
        return (
            f"{folder} cannot be written, {UNCHANGED}: make it writable, or name another folder by "
            "REFURB_PUBLISHED."
        )
    return f"Publishing to {folder} failed, {UNCHANGED}: {' '.join(error.split())}"
