"""dbt in a process of its own, without the seconds that each takes to import it.

A server imports dbt once and forks for every command. What it forks is alone in its process, with
the environment that it is given, and ends as the command would.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO


@dataclass
class DbtServer:
    """Runs commands of dbt one after another, in the folder of a project."""

    project: Path
    server: subprocess.Popen[str] | None = field(default=None, init=False)

    def run(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        output: Path,
        timeout_seconds: int,
    ) -> int:
        """Exit code of `dbt <arguments>`; below 0 the signal that ended it, SIGALRM at the timeout.

        What it prints is left in the file `output`.
        """
        if self.server is None:
            self.server = subprocess.Popen(
                [sys.executable, str(Path(__file__))],
                cwd=self.project,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        request = {
            "arguments": list(arguments),
            "environment": dict(environment),
            "output": str(output.resolve()),
            "timeout_seconds": timeout_seconds,
        }
        assert self.server.stdin
        assert self.server.stdout
        print(json.dumps(request), file=self.server.stdin, flush=True)
        answer = self.server.stdout.readline()
        if not answer:
            raise RuntimeError("the process that runs dbt has ended")
        return int(answer)

    def stop(self) -> None:
        """End the server; it has no command left, since each is waited for."""
        if self.server is not None:
            self.server.communicate()
            self.server = None


def become_dbt(
    arguments: list[str], environment: dict[str, str], output: str, timeout_seconds: int
) -> None:
    """Make this process look as if `dbt <arguments>` had just been started."""
    os.environ.clear()
    os.environ.update(environment)
    printed = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for opened, standard in ((nothing, 0), (printed, 1), (printed, 2)):
        os.dup2(opened, standard)
    sys.argv = ["dbt", *arguments]
    # a command ends before it has garbage worth a tenth of its time
    gc.disable()
    signal.alarm(timeout_seconds)


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Fork for every request; return in the process that is to be dbt, or when none is left."""
    for line in requests:
        child = os.fork()
        if not child:
            become_dbt(**json.loads(line))
            raise SystemExit(cli())
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


if __name__ == "__main__":
    import dbt.adapters.duckdb  # noqa: F401
    from dbt.cli.main import cli

    serve(sys.stdin, sys.stdout)
