"""The command `answers`: the brief's questions with what the last build says, as a page.

Reads what `dbt compile` wrote of `analyses/` and the finished build; `make answers` does both.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.finished_build import DEFAULT_DATABASE, database_file, reading

PAGE = Path("docs/answers.md")
TEXTS = (
    *("hypothesis", "question_en", "question_fr", "read_en", "read_fr"),
    *("not_proven_en", "not_proven_fr"),
)
VERDICTS = """
    select question_en, question_fr, verdict_en, verdict_fr
    from quality.mart_hypothesis_tests
    where hypothesis_id = ?
    order by is_headline desc, test_id
"""
HEAD = """\
# Answers to the questions of the brief

What the marts say of each hypothesis on the demo extracts, whose {suppliers} suppliers and {lines}
order lines are invented and few: with your own extracts, build and run `make answers`. The tables
are those of `analyses/`; the sentences below the questions are the tests of
`quality.mart_hypothesis_tests`, which weigh the size of an effect before its p-value.
As of {as_of}.

Ce que les marts disent de chaque hypothèse sur les données de démonstration, inventées et peu
nombreuses. Les tableaux sont ceux de `analyses/` ; les phrases sous les questions sont les tests de
`quality.mart_hypothesis_tests`, qui pèsent la taille d'un effet avant sa valeur p.
"""


@dataclass(frozen=True)
class Analysis:
    """A question of the brief: its texts, and the query that answers it."""

    name: str
    sql: str
    texts: dict[str, str]

    @property
    def hypothesis_id(self) -> str:
        """The hypothesis as `mart_hypothesis_tests` names it."""
        return self.texts["hypothesis"].lower().replace(".", "_")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `answers`."""
    parser.description = "Write the answers to the questions of the brief from a finished build."
    parser.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        help=f"file of the build (default REFURB_DATABASE, without it {DEFAULT_DATABASE})",
    )
    parser.add_argument("--out", type=Path, default=PAGE, metavar="FILE", help="page to write")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the page."""
    database = database_file(arguments.database)
    analyses = read_analyses(Path(os.environ.get("DBT_TARGET_PATH") or "target"))
    arguments.out.write_text(as_page(analyses, database), encoding="utf-8")
    print(f"{arguments.out}: {len(analyses)} questions")


def read_analyses(target: Path) -> list[Analysis]:
    """The compiled analyses that answer a hypothesis, in its order."""
    manifest = target / "manifest.json"
    if not manifest.is_file():
        raise RefurbError(f"{manifest} is not there: run dbt compile --select path:analyses first")
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    analyses = []
    for node in nodes:
        texts = node["config"].get("meta", {})
        if node["resource_type"] != "analysis" or "hypothesis" not in texts:
            continue
        if missing := [text for text in TEXTS if not texts.get(text)]:
            raise RefurbError(
                f"analyses/_analyses.yml, {node['name']}: meta lacks {', '.join(missing)}"
            )
        compiled = target / "compiled" / node["package_name"] / node["original_file_path"]
        if not compiled.is_file():
            raise RefurbError(
                f"{compiled} is not there: run dbt compile --select path:analyses first"
            )
        analyses.append(Analysis(node["name"], compiled.read_text(encoding="utf-8"), texts))
    return sorted(analyses, key=lambda analysis: analysis.name)


def as_page(analyses: Sequence[Analysis], database: Path) -> str:
    """The answers as Markdown."""
    with reading(database) as connection:
        [(suppliers, lines, as_of)] = connection.execute(
            "select count(distinct supplier_id), count(*), "
            "(select max(as_of_date) from core.dim_dates) from core.fct_order_lines"
        ).fetchall()
        parts = [HEAD.format(suppliers=suppliers, lines=f"{lines:,}", as_of=as_of)]
        parts += [_section(analysis, connection) for analysis in analyses]
    return "\n".join(parts)


def _section(analysis: Analysis, connection: duckdb.DuckDBPyConnection) -> str:
    texts = analysis.texts
    verdicts = connection.execute(VERDICTS, [analysis.hypothesis_id]).fetchall()
    cursor = connection.execute(analysis.sql)
    columns = [column[0] for column in cursor.description]
    lines = [
        f"## {texts['hypothesis']} {texts['question_en']}",
        "",
        f"*{texts['question_fr']}*",
        "",
    ]
    for question_en, question_fr, verdict_en, verdict_fr in verdicts:
        lines += [f"- {question_en} **{verdict_en}**", f"  *{question_fr}* **{verdict_fr}**"]
    lines += ["", *_table(columns, cursor.fetchall()), ""]
    lines += [f"**How to read it.** {texts['read_en']}", ""]
    lines += [f"**Comment le lire.** {texts['read_fr']}", ""]
    lines += [f"**What it does not prove.** {texts['not_proven_en']}", ""]
    lines += [f"**Ce que cela ne prouve pas.** {texts['not_proven_fr']}", ""]
    return "\n".join(lines)


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    is_number = [
        any(isinstance(row[at], (int, float)) for row in rows) for at in range(len(columns))
    ]
    head = "| " + " | ".join(column.replace("_", " ") for column in columns) + " |"
    rule = "|" + "|".join("---:" if number else "---" for number in is_number) + "|"
    body = ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return [head, rule, *body]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)
