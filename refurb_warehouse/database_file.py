"""Look at the database file before dbt opens it, and say in one sentence what is wrong with it.

profiles.yml names this module under `plugins`: dbt-duckdb makes the plugin before its first
connection. Without it dbt wraps the error of DuckDB in two hundred lines of traceback, and no line
says what to do.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

ELSEWHERE = "name another file by REFURB_DATABASE"


class Plugin(BasePlugin):
    """What dbt-duckdb makes before it connects."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Stop dbt when the database of the profile cannot be written."""
        options = self.creds.config_options or {}
        if fault := database_fault(self.creds.path, options.get("temp_directory")):
            raise DbtRuntimeError(fault)


def database_fault(path: str, temp_directory: str | None = None) -> str | None:
    """What keeps dbt from writing the database, with the remedy; None when nothing does.

    Makes the folders that are named, and removes what a build that was killed may have left: an
    empty file, which DuckDB refuses, and spilled data beside the database.
    """
    if path == ":memory:":
        return None
    file = Path(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"The folder of {file} cannot be made ({error.strerror}): {ELSEWHERE}."
    if not os.access(file.parent, os.W_OK):
        return (
            f"{file} cannot be written, nothing was built: its folder is read-only. "
            f"Make the folder writable, or {ELSEWHERE}."
        )
    try:
        _open_once(file, f"{path}.tmp")
    except duckdb.Error as error:
        return _in_words(file, " ".join(str(error).split()))
    if temp_directory and temp_directory != f"{path}.tmp":
        return _temp_directory_fault(Path(temp_directory))
    return None


def _open_once(file: Path, spilled: str) -> None:
    try:
        connection = duckdb.connect(str(file))
    except duckdb.IOException as error:
        # DuckDB says so when it holds the lock: nobody else is about to fill the file.
        if "not a valid DuckDB" not in str(error) or file.stat().st_size > 0:
            raise
        file.unlink()
        connection = duckdb.connect(str(file))
    with connection:
        shutil.rmtree(spilled, ignore_errors=True)


def _temp_directory_fault(folder: Path) -> str | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        reason = None if os.access(folder, os.W_OK) else "it is read-only"
    except OSError as error:
        reason = error.strerror
    if reason:
        return (
            f"{folder}, which REFURB_TEMP_DIRECTORY names for data beyond the memory limit, cannot "
            f"be used ({reason}): name a folder that can be written."
        )
    return None


def _in_words(file: Path, error: str) -> str:
    """The error of DuckDB as what is wrong, what it meant for the build, and what to do."""
    if "Could not set lock" in error or "being used by another process" in error:
        return f"{file} is in use, nothing was built: {_holder(error)}, or {ELSEWHERE}."
    if "not a valid DuckDB" in error:
        return f"{file} is not a DuckDB database, nothing was built: move it away, or {ELSEWHERE}."
    if "Is a directory" in error:
        return f"{file} is a folder, nothing was built: {ELSEWHERE}."
    if "No space left" in error:
        return (
            f"{file} cannot be written, nothing was built: the disk is full. Free some space, or "
            f"{ELSEWHERE}."
        )
    if refusal := re.search("Permission denied|Read-only file system", error):
        return (
            f"{file} cannot be written, nothing was built: {refusal[0].lower()}. "
            f"Make file and folder writable, or {ELSEWHERE}."
        )
    return (
        f"{file} cannot be opened, nothing was built ({error}): move it away and build anew, or "
        f"{ELSEWHERE}."
    )


def _holder(error: str) -> str:
    """Who has the file open, from DuckDB's message, and what to do about it."""
    found = re.search(r"(?:held|open) in (.+?) \(PID (\d+)\)", error)
    if not found:
        return "another program has it open. Close it there"
    program, process = found.groups()
    if "dbt" in _command_names(int(process)):
        return f"another dbt command, process {process}, is writing it. Wait until it has ended"
    return (
        f"{program}, process {process}, has it open, and DuckDB takes one writer or many readers. "
        "Close it there"
    )


def _command_names(process: int) -> list[str]:
    """Names of the words of a command line, where the system shows it in /proc (Linux)."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
    return [Path(os.fsdecode(word)).name for word in words]
