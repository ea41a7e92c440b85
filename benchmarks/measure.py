"""What a command costs: CPU seconds of all its threads, wall time and peak memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """CPU seconds of a process and its children, seconds on the clock, peak memory in MB."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float

    def as_dict(self) -> dict[str, float]:
        """For JSON."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


class CommandFailedError(Exception):
    """A measured command failed; the message has its last lines."""


def measured(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a command to its end, its output in a file.

    The peak is that of the largest process. Linux begins to count it at the size of the process
    that starts it, so this one imports nothing large.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    cost = Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)
    if process.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise CommandFailedError(f"{' '.join(command)} failed ({log}), {cost}:\n{tail}")
    return cost
