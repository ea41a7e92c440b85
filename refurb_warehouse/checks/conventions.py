"""Check the conventions of dbt-bouncer.yml and print what breaks them, a line each.

    python -m refurb_warehouse.checks.conventions [--project-dir DIR]

Reads the manifest that the strict parse writes. dbt-bouncer prints a table that hides the
messages on a narrow screen; this prints them whole.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def check_conventions(project: Path) -> list[str]:
    """Findings of dbt-bouncer as `file: message`."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "findings.json"
        finished = subprocess.run(
            [
                *(Path(sys.executable).with_name("dbt-bouncer"), "run"),
                *("--config-file", project / "dbt-bouncer.yml"),
                *("--output-file", report, "--output-only-failures"),
            ],
            cwd=project,
            env=os.environ | {"DBT_BOUNCER_DISABLE_CONF_CACHE": "true"},
            capture_output=True,
            text=True,
            check=False,
        )
        failures = json.loads(report.read_text("utf-8")) if report.is_file() else []
    if finished.returncode and not failures:
        return [f"dbt-bouncer did not run:\n{finished.stdout}{finished.stderr}"]
    return sorted(
        f"{failure['file_path'] or failure['unique_id']}: {failure['failure_message']}"
        for failure in failures
    )


def main(argv: list[str] | None = None) -> int:
    """Print the findings; 1 when there are any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project-dir", type=Path, default=Path(), help="default: this folder")
    findings = check_conventions(parser.parse_args(argv).project_dir.resolve())
    for finding in findings:
        print(finding)
    print(f"conventions: {len(findings)} finding(s)" if findings else "conventions: no finding")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
