"""Where versions lie, and the one rename that makes another one current for every reader of files.

    versions/<version>/     refurb.duckdb, scorecard.xlsx, parquet/, audiences/
    current                 -> versions/<version>: the link that is swapped
    refurb.duckdb           -> current/refurb.duckdb, and likewise scorecard.xlsx and audiences
    parquet/current         -> ../current/parquet
    parquet/<version>       -> ../versions/<version>/parquet

All links but `current` and those of single versions are made once and stay. What a killed publish
left is a folder under a name that begins with a dot, or a version that is newer than the current
one: the next publish removes both.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, unquote

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.publishing.readiness import UNCHANGED

DATABASE, WORKBOOK, PARQUET, AUDIENCES = "refurb.duckdb", "scorecard.xlsx", "parquet", "audiences"
VERSION = re.compile(r"\d{8}T\d{9}Z")
VERSION_FORMAT = "%Y%m%dT%H%M%S%fZ"


class Published:
    """The folder of what is published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.versions = folder / "versions"
        self.link = folder / "current"

    def current(self) -> str | None:
        """The version that readers see; None before the first."""
        try:
            return self.link.readlink().name
        except FileNotFoundError:
            return None

    def all_versions(self) -> list[str]:
        """Versions that are there as a whole, the oldest first."""
        if not self.versions.is_dir():
            return []
        return sorted(path.name for path in self.versions.iterdir() if VERSION.fullmatch(path.name))

    def before(self, version: str) -> str | None:
        """The version before another one."""
        return max((name for name in self.all_versions() if name < version), default=None)

    def suppliers(self) -> list[str]:
        """Suppliers who have files in the current version."""
        folder = self.folder / AUDIENCES / "supplier"
        return sorted(unquote(path.name) for path in folder.iterdir()) if folder.is_dir() else []

    def path(self, version: str) -> Path:
        """Folder of a version."""
        return self.versions / version

    def unfinished(self, version: str) -> Path:
        """Folder of a version that is being written."""
        return self.versions / f".{version}"

    def next_version(self) -> tuple[str, datetime]:
        """A name that sorts after all others, and the time that it stands for."""
        at = datetime.now(UTC).replace(tzinfo=None)
        if newest := max(self.all_versions(), default=None):
            # The clock may have been set back.
            at = max(at, datetime.strptime(newest, VERSION_FORMAT) + timedelta(milliseconds=1))
        return f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03d}Z", at

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from publishing here. The system lets go when a process is killed."""
        self._make()
        with (self.folder / ".lock").open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip()
                named = f", process {holder}," if holder else ""
                raise RefurbError(
                    f"Another publish or rollback{named} is at work in {self.folder}, this one "
                    "stops: wait until it has ended."
                ) from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield

    def _make(self) -> None:
        try:
            for folder in (self.versions, self.folder / PARQUET):
                folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise RefurbError(
                f"{error.filename} is in the way, {UNCHANGED}: move it, or name another folder by "
                "REFURB_PUBLISHED."
            ) from None

    def remove_leftovers(self) -> None:
        """Remove what killed publishes left, and versions that were rolled back."""
        current = self.current()
        for path in self.versions.iterdir():
            if path.name.startswith(".") or current is None or path.name > current:
                self._remove(path)
        for link in (self.folder / PARQUET).iterdir():
            if link.is_symlink() and link.name != "current" and not link.exists():
                link.unlink()
        for path in self.folder.glob(".*.new"):
            path.unlink()

    def keep_last(self, count: int) -> list[str]:
        """Remove all but the last versions; those removed are returned."""
        removed = self.all_versions()[:-count]
        for version in removed:
            (self.folder / PARQUET / version).unlink(missing_ok=True)
            self._remove(self.path(version))
        return removed

    def _remove(self, path: Path) -> None:
        # Out of sight first: a version is there as a whole or not at all.
        if not path.name.startswith("."):
            path = path.rename(path.with_name(f".{path.name}"))
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()

    def finish(self, version: str) -> None:
        """Give a version that is written its name. Readers do not see it yet."""
        unfinished = self.unfinished(version)
        _write_through(unfinished)
        unfinished.rename(self.path(version))
        _sync(self.versions)
        self._link(self.folder / PARQUET / version, f"../versions/{version}/{PARQUET}")
        for name in (DATABASE, WORKBOOK, AUDIENCES):
            self._link(self.folder / name, f"current/{name}")
        self._link(self.folder / PARQUET / "current", f"../current/{PARQUET}")

    def make_current(self, version: str | None) -> None:
        """Swap the link: from here on readers see this version, whole."""
        if version is None:
            self.link.unlink(missing_ok=True)
        else:
            self._link(self.link, f"versions/{version}")
        _sync(self.folder)

    def _link(self, link: Path, target: str) -> None:
        if link.is_symlink() and str(link.readlink()) == target:
            return
        if link.exists() and not link.is_symlink():
            raise RefurbError(
                f"{link} is in the way, {UNCHANGED}: it is no link that publish made. Move it, or "
                "name another folder by REFURB_PUBLISHED."
            )
        new = link.with_name(f".{link.name}.new")
        new.unlink(missing_ok=True)
        new.symlink_to(target)
        os.replace(new, link)  # noqa: PTH105 - the one call that is promised to be atomic


def folder_name(supplier: str) -> str:
    """Name of a supplier's folder: an identifier may hold what a path does not take as it is."""
    return quote(supplier, safe="").replace(".", "%2E")


def _write_through(folder: Path) -> None:
    """Have the disk write all that is in the folder: a power cut must not undo a version."""
    for root, _folders, files in os.walk(folder):
        for name in files:
            _sync(Path(root) / name)
        _sync(Path(root))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
