"""Parse the dbt project with every check that dbt has, and with its warnings as errors.

dbt compares project files with its JSON schemas for a few adapters only, and DuckDB is none of
them: a plain `dbt parse` passes over misplaced keys and deprecated spellings.

    python -m refurb_warehouse.checks.strict_parse [--project-dir DIR] [--target-path DIR]
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import dbt.jsonschemas.jsonschemas as schema_checks
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventLevel, EventMsg

TARGET_PATH = Path("target/strict")


def strict_parse(project: Path, target_path: Path) -> list[str]:
    """Parse the project and return what is wrong with it; the manifest goes to the target path."""
    # The extracts that a user points at switch the demo seeds off: the project is parsed without.
    os.environ.pop("REFURB_RAW", None)
    # A private name of dbt, safe while dbt-core is pinned to one version.
    schema_checks._JSONSCHEMA_SUPPORTED_ADAPTERS.add("duckdb")
    # Whoever reads the manifest afterwards must not find that of an earlier parse.
    (target_path / "manifest.json").unlink(missing_ok=True)
    findings: list[str] = []

    def remember(event: EventMsg) -> None:
        if event.info.level in (EventLevel.WARN, EventLevel.ERROR):
            findings.append(event.info.msg.strip())

    arguments = [
        *("parse", "--no-partial-parse", "--show-all-deprecations", "--no-use-colors"),
        *("--log-level", "none", "--log-level-file", "debug"),
        # that hidden metrics are not in a file which nobody here reads is no finding
        *("--warn-error-options", '{"error": "all", "silence": ["MFConverterIssue"]}'),
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--target-path", str(target_path), "--log-path", str(target_path)),
    ]
    try:
        result = dbtRunner(callbacks=[remember]).invoke(arguments)
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not result.success and not findings:
        findings.append(str(result.exception or "dbt could not parse the project"))
    return list(dict.fromkeys(finding for finding in findings if finding))


def main(argv: list[str] | None = None) -> int:
    """Print the findings; 1 when there are any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project-dir", type=Path, default=Path(), help="default: this folder")
    parser.add_argument("--target-path", type=Path, help=f"default: {TARGET_PATH} of the project")
    arguments = parser.parse_args(argv)
    project = arguments.project_dir.resolve()
    target_path = (arguments.target_path or project / TARGET_PATH).resolve()
    findings = strict_parse(project, target_path)
    for finding in findings:
        print(f"{finding}\n")
    print(f"strict parse: {len(findings)} finding(s)" if findings else "strict parse: no finding")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
