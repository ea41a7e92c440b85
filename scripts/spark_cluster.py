"""Start and stop a small Apache Spark cluster on this machine.

    python scripts/spark_cluster.py start [--folder build/spark]
    python scripts/spark_cluster.py stop [--folder build/spark]
    python scripts/spark_cluster.py status [--folder build/spark]

A standalone cluster from the pyspark wheel: one master, two workers and a Thrift server, all on the
loopback address, on ports that are free at the time. It wants the dependency group `spark` and
Java 17 or newer. Tables, logs and the state (ports and process ids) are in the folder. `start`
prints the environment in which `dbt ... --target spark` finds the cluster.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

LOOPBACK = "127.0.0.1"
WORKERS = 2
START_TIMEOUT = 240
MINIMUM_JAVA = 17
MINIMUM_SALT = 16
# Public, as that of the DuckDB target: its hashes hide nothing.
DEFAULT_SALT = "refurb-warehouse-default-salt"
SERVER_MEMORY = "2500m"
# Queries are short and never the same: the second compiler of Java took half of the time of a small
# build and brought nothing. Without it the room for compiled code is so small that Java cleans it
# all the time. Deep expressions need a deep stack.
BRIEF = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -Duser.timezone=UTC"
DAEMON_OPTIONS = f"-XX:+UseSerialGC {BRIEF}"
SERVER_OPTIONS = f"-XX:+UseParallelGC -XX:ParallelGCThreads=2 -Xss32m {BRIEF}"
EXECUTOR_OPTIONS = f"-XX:+UseSerialGC -Xss16m {BRIEF}"


class ClusterError(Exception):
    """The cluster cannot be started or is not there."""


def java() -> str:
    """The Java to run, of version 17 or newer."""
    home = os.environ.get("JAVA_HOME")
    command = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if not command or not Path(command).exists():
        raise ClusterError("Java is not on PATH: install Java 17, or set JAVA_HOME.")
    said = subprocess.run([command, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if not version or int(version[1]) < MINIMUM_JAVA:
        raise ClusterError(f"{command} is older than Java {MINIMUM_JAVA}: set JAVA_HOME to one.")
    return command


def spark_home() -> Path:
    """The folder of the pyspark wheel, which holds all of Spark."""
    try:
        import pyspark
    except ImportError as error:
        raise ClusterError("pyspark is not installed: uv sync --group spark.") from error
    return Path(pyspark.__file__).parent


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def listens(port: int) -> bool:
    """Whether somebody answers on a port of the loopback address."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def is_alive(pid: int) -> bool:
    """Whether a process runs: one that ended and was not waited for does not."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self").exists():
        try:
            return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def children(pid: int) -> list[int]:
    """Processes that a process started, such as the executor of a worker."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        listed = subprocess.run(
            ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
        ).stdout.split()
    # a worker starts its executor from a thread of its own
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            listed += task.read_text().split()
    return sorted({int(child) for child in listed})


class Cluster:
    """The processes of one cluster, known by the state that they left in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.state_file = self.folder / "cluster.json"
        self.state: dict = {}
        if self.state_file.exists():
            self.state = json.loads(self.state_file.read_text())

    @property
    def environment(self) -> dict[str, str]:
        """What profiles.yml reads to find the cluster."""
        return {
            "REFURB_SPARK_HOST": LOOPBACK,
            "REFURB_SPARK_PORT": str(self.state["ports"]["thrift"]),
        }

    def is_running(self) -> bool:
        """Whether the Thrift server is alive and answers."""
        return (
            bool(self.state)
            and is_alive(self.state["pids"].get("thrift", 0))
            and listens(self.state["ports"]["thrift"])
        )

    def start(self, settings: dict[str, str] | None = None) -> None:
        """Start master, workers and Thrift server, and wait until the last of them answers."""
        if self.is_running():
            raise ClusterError(f"a cluster runs already in {self.folder}: stop it first.")
        java()
        home = spark_home()
        for name in ("logs", "warehouse", "work", "local"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        master, master_page, thrift, *worker_ports = free_ports(3 + 2 * WORKERS)
        self.state = {
            "ports": {"master": master, "thrift": thrift},
            "pids": {},
        }
        url = f"spark://{LOOPBACK}:{master}"
        spark_class = str(home / "bin" / "spark-class")
        deploy = "org.apache.spark.deploy"
        try:
            self._spawn(
                "master",
                [
                    *(spark_class, f"{deploy}.master.Master", "--host", LOOPBACK),
                    *("--port", str(master), "--webui-port", str(master_page)),
                ],
            )
            for number in range(WORKERS):
                port, page = worker_ports[2 * number : 2 * number + 2]
                self._spawn(
                    f"worker{number + 1}",
                    [
                        *(spark_class, f"{deploy}.worker.Worker", "--host", LOOPBACK),
                        *("--port", str(port), "--webui-port", str(page)),
                        *("--cores", "2", "--memory", "2g"),
                        *("--work-dir", str(self.folder / "work"), url),
                    ],
                )
            self._spawn(
                "thrift",
                [
                    *(str(home / "bin" / "spark-submit"), "--master", url),
                    *("--properties-file", str(self._write_settings(thrift, settings or {}))),
                    *("--driver-java-options", self._server_options()),
                    *("--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"),
                    "spark-internal",
                ],
            )
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every process of the cluster, by the ids that were written down."""
        pids = list(self.state.get("pids", {}).values())
        for pid in reversed(pids):
            if self._is_ours(pid):
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 15
        while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.2)
        for pid in pids:
            if is_alive(pid) and self._is_ours(pid):
                os.kill(pid, signal.SIGKILL)
        self.state_file.unlink(missing_ok=True)
        self.state = {}

    def kill_worker(self, number: int = 1) -> list[int]:
        """Kill a worker and its executor with signal 9; the process ids that are gone."""
        worker = self.state["pids"][f"worker{number}"]
        victims = [*children(worker), worker]
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return victims

    def cpu_seconds(self) -> float:
        """Processor time that the living processes of the cluster have used."""
        pids = set(self.state["pids"].values())
        for pid in list(pids):
            pids.update(children(pid))
        ticks = 0
        for pid in pids:
            with contextlib.suppress(OSError):
                used = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
                ticks += sum(map(int, used))
        return ticks / os.sysconf("SC_CLK_TCK")

    def _is_ours(self, pid: int) -> bool:
        """Whether the process is still the one that was started: ids are used again."""
        try:
            return b"org.apache.spark" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return is_alive(pid) and not Path("/proc/self").exists()

    def _spawn(self, name: str, command: list[str]) -> None:
        home = spark_home()
        environment = os.environ | {
            "SPARK_HOME": str(home),
            "SPARK_CONF_DIR": str(self.folder),
            "SPARK_LOCAL_IP": LOOPBACK,
            "SPARK_LOCAL_DIRS": str(self.folder / "local"),
            "SPARK_NO_DAEMONIZE": "1",
            "SPARK_DAEMON_MEMORY": SERVER_MEMORY if name == "thrift" else "256m",
            "SPARK_DAEMON_JAVA_OPTS": "" if name == "thrift" else DAEMON_OPTIONS,
            "PYSPARK_PYTHON": sys.executable,
        }
        with (self.folder / "logs" / f"{name}.log").open("wb") as log:
            started = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # not ended together with the terminal, nor by its Ctrl-C
                start_new_session=True,
            )
        self.state["pids"][name] = started.pid
        self.state_file.write_text(json.dumps(self.state, indent=2))

    def _server_options(self) -> str:
        derby = f"-Dderby.system.home={self.folder}"
        return f"{SERVER_OPTIONS} {derby} -Dderby.stream.error.file={self.folder}/logs/derby.log"

    def _write_settings(self, thrift: int, settings: dict[str, str]) -> Path:
        """The settings of the server, in a file: the salt is in no command line."""
        salt = os.environ.get("REFURB_SALT") or DEFAULT_SALT
        if len(salt) < MINIMUM_SALT:
            raise ClusterError(f"REFURB_SALT has fewer than {MINIMUM_SALT} characters.")
        warehouse = self.folder / "warehouse"
        values = {
            "spark.driver.host": LOOPBACK,
            "spark.driver.bindAddress": LOOPBACK,
            "spark.executor.memory": "1200m",
            "spark.executor.cores": "2",
            "spark.executor.extraJavaOptions": EXECUTOR_OPTIONS,
            "spark.ui.enabled": "false",
            "spark.eventLog.enabled": "false",
            "spark.refurb.salt": salt,
            "spark.sql.warehouse.dir": str(warehouse),
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.sources.default": "parquet",
            "spark.sql.session.timeZone": "UTC",
            "spark.scheduler.mode": "FAIR",
            "spark.hadoop.javax.jdo.option.ConnectionURL": (
                f"jdbc:derby:;databaseName={self.folder}/metastore;create=true"
            ),
            "spark.hadoop.hive.server2.thrift.bind.host": LOOPBACK,
            "spark.hadoop.hive.server2.thrift.port": str(thrift),
            **settings,
        }
        path = self.folder / "server.conf"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} {value}\n" for name, value in values.items()))
        (self.folder / "log4j2.properties").write_text(
            "rootLogger.level = warn\n"
            "rootLogger.appenderRef.stdout.ref = console\n"
            "appender.console.type = Console\n"
            "appender.console.name = console\n"
            "appender.console.layout.type = PatternLayout\n"
            "appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n\n"
        )
        return path

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not listens(self.state["ports"]["thrift"]):
            for name, pid in self.state["pids"].items():
                if not is_alive(pid):
                    log = self.folder / "logs" / f"{name}.log"
                    raise ClusterError(f"the {name} ended: see {log}.")
            if time.monotonic() > deadline:
                raise ClusterError(f"the Thrift server did not answer within {START_TIMEOUT} s.")
            time.sleep(0.3)


def main(argv: list[str] | None = None) -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["start", "stop", "status"])
    parser.add_argument("--folder", type=Path, default=Path("build/spark"))
    arguments = parser.parse_args(argv)
    cluster = Cluster(arguments.folder)
    if arguments.action == "stop":
        cluster.stop()
        return 0
    try:
        if arguments.action == "start":
            cluster.start()
    except ClusterError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if not cluster.is_running():
        print("no cluster runs")
        return 1
    for name, value in cluster.environment.items():
        print(f"export {name}={value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
