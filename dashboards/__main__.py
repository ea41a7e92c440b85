"""Start and stop the dashboards: `python -m dashboards start`, `stop`, `check`, `bundle <file>`."""

import argparse
import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from dashboards.bundle import DASHBOARDS, bundle, fingerprint, slug, zipped

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("REFURB_SUPERSET_HOME") or HERE / ".superset").resolve()
BIN = HERE / ".venv" / "bin"
HOST = "127.0.0.1"
SECONDS_TO_START = 180


class DashboardsError(Exception):
    """What stops the dashboards, with what to do about it."""


def published_file() -> Path:
    """Find the file that the dashboards read, and refuse to start without it."""
    folder = Path(os.environ.get("REFURB_PUBLISHED") or "published").absolute()
    file = folder / "refurb.duckdb"
    if not file.exists():
        raise DashboardsError(
            f"There is no {file}: run make publish first, or let REFURB_PUBLISHED name the folder"
            " that holds refurb.duckdb."
        )
    return file


def secret(name: str) -> str:
    """Read a secret of this machine, drawing it the first time; only its owner may read it."""
    file = HOME / name
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as opened:
            opened.write(secrets.token_urlsafe(24))
    file.chmod(0o600)
    return file.read_text().strip()


def environment(file: Path) -> dict[str, str]:
    """Say to Superset where everything is."""
    return os.environ | {
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "REFURB_SUPERSET_HOME": str(HOME),
        "REFURB_PUBLISHED_FILE": str(file),
        "PYTHONPATH": str(HERE.parent),
        "FLASK_APP": "superset.app:create_app()",
    }


def running() -> tuple[int, int] | None:
    """Tell process and port of the server, when it runs and answers to its name."""
    try:
        process, port = map(int, (HOME / "server").read_text().split())
        command = Path(f"/proc/{process}/cmdline")
        if command.exists() and b"superset.app" not in command.read_bytes():
            return None
        os.kill(process, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError, PermissionError):
        return None
    return process, port


def answers(port: int) -> bool:
    """Tell whether the server is up."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    """Take the port of REFURB_DASHBOARDS_PORT, or 8088 when it is free, or any other."""
    wished = os.environ.get("REFURB_DASHBOARDS_PORT")
    for port in [int(wished)] if wished else [8088, 0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise DashboardsError(f"Port {wished} is in use: name another by REFURB_DASHBOARDS_PORT.")


def install(file: Path) -> None:
    """Put the declaration into Superset, unless it is there already."""
    files = bundle()
    pins = hashlib.sha256((HERE / "requirements.txt").read_bytes()).hexdigest()
    state = f"{fingerprint(files)} {pins}"
    done = HOME / "installed"
    if done.exists() and done.read_text() == state:
        return
    done.unlink(missing_ok=True)
    known = HOME / "slugs"
    slugs = {slug(one, language) for one in DASHBOARDS for language in ("fr", "en")}
    if known.exists():
        slugs |= set(known.read_text().split())
    known.write_text("\n".join(sorted(slugs)))
    print("Importing the dashboards (a minute the first time)", flush=True)
    log = HOME / "install.log"
    with log.open("w") as output:
        result = subprocess.run(
            [BIN / "python", "-m", "dashboards.install_bundle"],
            env=environment(file),
            cwd=HERE.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if result.returncode:
        last = log.read_text().strip().splitlines()[-1:]
        raise DashboardsError(f"Superset refused the dashboards: {' '.join(last)}. See {log}.")
    done.write_text(state)


def serving(file: Path) -> str:
    """Tell what a server was started with: another file or other settings need another start."""
    settings = hashlib.sha256((HERE / "superset_config.py").read_bytes()).hexdigest()
    return f"{file} {settings}"


def serve(file: Path) -> int:
    """Start the server and wait until it answers; return its port."""
    port = free_port()
    command = [
        BIN / "gunicorn", "--workers", "1", "--threads", "8", "--timeout", "120",
        "--bind", f"{HOST}:{port}", "--access-logfile", "-", "superset.app:create_app()",
    ]  # fmt: skip
    log = HOME / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            env=environment(file),
            cwd=HERE.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    (HOME / "server").write_text(f"{server.pid} {port}")
    (HOME / "serves").write_text(serving(file))
    for _ in range(SECONDS_TO_START):
        if answers(port):
            return port
        if server.poll() is not None:
            break
        time.sleep(1)
    stop()
    raise DashboardsError(f"Superset did not start: see {log}.")


def start() -> None:
    """Install what is declared, start the server, and print where it is."""
    file = published_file()
    if not (BIN / "superset").exists():
        raise DashboardsError("Superset is not installed: run make dashboards.")
    HOME.mkdir(parents=True, exist_ok=True)
    HOME.chmod(0o700)
    secret("secret_key")
    secret("admin_password")
    install(file)
    found = running()
    served = HOME / "serves"
    if found and (not answers(found[1]) or served.read_text() != serving(file)):
        stop()
        found = None
    port = found[1] if found else serve(file)
    print(f"Dashboards of {file}:")
    for dashboard in DASHBOARDS:
        for language in ("fr", "en"):
            print(f"  http://{HOST}:{port}/superset/dashboard/{slug(dashboard, language)}/")
    print(f"Sign in as admin; the password is in {HOME / 'admin_password'}.")
    print("Stop them with make dashboards-stop.")


def stop() -> None:
    """Stop the server that start began, and no other process."""
    found = running()
    if found:
        os.kill(found[0], signal.SIGTERM)
        for _ in range(100):
            if running() is None:
                break
            # a child of this very process stays as a zombie until it is waited for
            with contextlib.suppress(ChildProcessError):
                os.waitpid(found[0], os.WNOHANG)
            time.sleep(0.1)
        else:
            os.kill(found[0], signal.SIGKILL)
    (HOME / "server").unlink(missing_ok=True)
    print("The dashboards are stopped." if found else "The dashboards were not running.")


def check() -> None:
    """Open every dashboard in Chromium, on copies of the published file and a Superset apart."""
    source = published_file()
    # a Superset of its own, so that the one that people use is left alone
    home = HERE / ".superset-check"
    home.mkdir(mode=0o700, exist_ok=True)
    lock = (home / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise DashboardsError("Another check runs already: wait for its end.") from error
    folder = home / "published"
    shutil.rmtree(folder, ignore_errors=True)
    for version in ("first", "second"):
        (folder / "versions" / version).mkdir(parents=True)
        shutil.copyfile(source, folder / "versions" / version / "refurb.duckdb")
    (folder / "current").symlink_to("versions/first")
    (folder / "refurb.duckdb").symlink_to("current/refurb.duckdb")
    there = os.environ | {
        "REFURB_SUPERSET_HOME": str(home),
        "REFURB_PUBLISHED": str(folder),
        "PYTHONPATH": str(HERE.parent),
    }
    there.pop("REFURB_DASHBOARDS_PORT", None)
    this = [sys.executable, "-m", "dashboards"]
    try:
        subprocess.run([*this, "start"], env=there, check=True, stdout=subprocess.DEVNULL)
        result = subprocess.run(
            [BIN / "python", "-m", "dashboards.browser"], env=there, cwd=HERE.parent, check=False
        )
    except subprocess.CalledProcessError as error:
        raise DashboardsError("Superset did not start for the check; see above.") from error
    finally:
        subprocess.run([*this, "stop"], env=there, check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
    if result.returncode:
        raise DashboardsError("The dashboards are not as they should be; see above.")


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m dashboards", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="import the declaration and start Superset")
    commands.add_parser("stop", help="stop Superset")
    commands.add_parser("check", help="open every dashboard in Chromium, on a Superset of its own")
    write = commands.add_parser("bundle", help="write the bundle for another Superset")
    write.add_argument("file", type=Path)
    arguments = parser.parse_args()
    try:
        if arguments.command == "bundle":
            arguments.file.write_bytes(zipped(bundle()))
        else:
            {"start": start, "stop": stop, "check": check}[arguments.command]()
    except DashboardsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
