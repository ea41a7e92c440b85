"""A PostgreSQL server of our own for checks: on a free port, and stopped by its process."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 60


class NoServerError(Exception):
    """Why no server can be started here."""


def binaries() -> Path:
    """Folder of `initdb` and `postgres`; Debian keeps them out of PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServerError("no PostgreSQL server is installed (Debian: apt install postgresql)")


@contextmanager
def running_server() -> Iterator[str]:
    """DSN of the superuser of a new, empty server; logins need no password."""
    folder = Path(tempfile.mkdtemp(prefix="refurb-postgres-"))
    become = _as_another_user(folder)
    data, port = folder / "data", _free_port()
    try:
        initialised = subprocess.run(
            [
                *(*become, str(binaries() / "initdb"), "-D", str(data), "-U", "postgres"),
                *("-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        if initialised.returncode:
            raise NoServerError(f"initdb failed: {initialised.stderr[-500:]}")
        with (folder / "log").open("w", encoding="utf-8") as log:
            server = subprocess.Popen(
                [
                    *(*become, str(binaries() / "postgres"), "-D", str(data), "-p", str(port)),
                    *("-h", "127.0.0.1", "-k", str(folder), "-c", "fsync=off"),
                ],
                stdout=log,
                stderr=log,
                cwd="/",
            )
        try:
            _wait_for(port, server, folder / "log")
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            # "Fast": sessions are ended, data is written.
            server.send_signal(signal.SIGINT)
            server.wait(PATIENCE_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_another_user(folder: Path) -> list[str]:
    """The server refuses to run as root: then it runs as a user who owns nothing else here."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise NoServerError("PostgreSQL refuses root, and there is no setpriv to be another user")
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    raise NoServerError("PostgreSQL refuses root, and there is no user postgres or nobody")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_for(port: int, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        if "ready to accept connections" in log.read_text(encoding="utf-8"):
            return
        time.sleep(0.05)
    raise NoServerError(f"the server on port {port} did not start: {log.read_text()[-500:]}")
