"""Command line: python -m refurb_warehouse <command>."""

from __future__ import annotations

import argparse
import sys

from refurb_warehouse import answers, build, generate, powerbi, summary
from refurb_warehouse.errors import RefurbError
from refurb_warehouse.grading import command as grading
from refurb_warehouse.importers import olist, online_retail, open_repair
from refurb_warehouse.publishing import command as publishing


def parser() -> argparse.ArgumentParser:
    """Every command with its arguments; each module declares its own."""
    root = argparse.ArgumentParser(prog="python -m refurb_warehouse", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True)

    generate.add_arguments(
        commands.add_parser("generate", help="write synthetic raw tables with planted truth")
    )
    build.add_arguments(
        commands.add_parser("build", help="build and test the warehouse, as far as files changed")
    )
    importers = commands.add_parser(
        "import", help="turn public data into the raw contract"
    ).add_subparsers(dest="source", required=True)
    olist.add_arguments(importers.add_parser("olist", help="Olist, Brazilian marketplace"))
    online_retail.add_arguments(
        importers.add_parser("online-retail", help="UCI Online Retail II, with real returns")
    )
    open_repair.add_arguments(
        importers.add_parser("open-repair", help="Open Repair Data, a benchmark beside extracts")
    )
    summary.add_arguments(
        commands.add_parser("summary", help="print the verdict on each supplier of the last build")
    )
    answers.add_arguments(
        commands.add_parser("answers", help="write the answers to the brief's questions as a page")
    )
    powerbi.add_arguments(
        commands.add_parser("powerbi", help="write the Power BI semantic model of folder powerbi/")
    )
    grading.add_arguments(
        commands.add_parser("score", help="predict the grade of evaluations, with its reasons")
    )
    publishing.add_arguments(
        commands.add_parser("publish", help="publish the last build, if it is green")
    )
    publishing.add_rollback_arguments(
        commands.add_parser("rollback", help="make the published version before current again")
    )
    return root


def main(argv: list[str] | None = None) -> int:
    """Run one command. Errors that a user can mend are printed without a traceback."""
    arguments = parser().parse_args(argv)
    try:
        return arguments.run(arguments) or 0
    except RefurbError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
