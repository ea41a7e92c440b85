"""Every model as DuckDB SQL and as Spark SQL, from the same files.

What a build on DuckDB compiled must parse as DuckDB SQL. The project is compiled for Spark as well,
without a server; that must parse as Spark SQL, call none but the functions below and have none of
the constructs that only DuckDB has. A function is added when it means the same on both engines, or
when only a macro of macros/engine writes it; `make test-spark` shows that it does.

    python -m refurb_warehouse.checks.dialects [--project-dir DIR] [--duckdb-target DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import sqlglot
from dbt.cli.main import dbtRunner
from sqlglot.tokens import Token, TokenType

TARGET_PATH = Path("target/spark")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What both engines have, with one meaning.
PORTABLE_FUNCTIONS = _words(
    """
    abs avg bool_and bool_or cast ceil coalesce concat concat_ws cosh count date_trunc exp
    extract first_value floor greatest lag lead least length ln lower max min mod nullif
    percentile_cont power rank replace round row_number sinh sqrt substr sum tanh
    translate trim try_cast upper
    """
)
# What the macros of macros/engine, and dbt's own, write for Spark.
OF_BRIDGES = _words(
    """
    aggregate array convert_timezone date_sub datediff endswith explode from_utc_timestamp
    if last_day make_dt_interval make_ym_interval named_struct raise_error sequence sha2
    startswith transform unix_micros weekday
    """
)
# Words before a bracket that are no function.
WORDS = _words(
    """
    and as between by distinct else exists filter from group having in inner is join left
    not on or order over partition select then union using values when where with within
    case all any
    """
)
# Words in a row that one engine alone understands, and what to write instead.
DENIED = {
    ("qualify",): "filter a window function one query further out",
    ("group", "by", "all"): "name the columns",
    ("order", "by", "all"): "name the columns",
    ("union", "by", "name"): "write the columns of both in one order",
    ("union", "all", "by", "name"): "write the columns of both in one order",
    ("distinct", "on"): "number the rows, and keep the first",
    ("asof",): "join on the range, or on the latest row",
    ("positional", "join"): "join on a key",
    ("semi", "join"): "write where ... in, or an inner join of distinct keys",
    ("anti", "join"): "write a left join where the key is null",
    ("using", "sample"): "a model draws nothing by chance",
    ("pivot",): "write a case for each column",
    ("unpivot",): "write a union of the columns",
    ("*", "exclude"): "name the columns",
    ("*", "replace"): "name the columns",
    (",", "from"): "leave out the comma",
    ("::",): "write cast(x as type)",
    ("//",): "write floor(a / b)",
    ("^",): "write power(a, b)",
}
LONGEST_DENIED = max(map(len, DENIED))
# A decimal that is only compared is the same number on both engines.
COMPARISONS = (TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE, TokenType.EQ)
# What an element of a list is taken from.
INDEXED = (TokenType.VAR, TokenType.IDENTIFIER, TokenType.R_PAREN, TokenType.R_BRACKET)
NUMBER_REMEDY = "write 1.96E0: 1.96 is a decimal, and engines divide decimals differently"


def compile_for_spark(project: Path, target_path: Path) -> None:
    """Leave a manifest with the SQL of every model for Spark in the target path."""
    # users' extracts switch the demo's seeds off: the project is compiled without
    os.environ.pop("REFURB_RAW", None)
    from dbt.adapters.spark.impl import SparkAdapter

    arguments = [
        *("compile", "--target", "spark", "--no-populate-cache", "--quiet"),
        *("--select", "resource_type:model", "--log-level-file", "none", "--threads", "1"),
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--target-path", str(target_path), "--log-path", str(target_path)),
    ]
    # a raw table is looked at on the server: as if it had no columns
    with patch.object(SparkAdapter, "get_columns_in_relation", lambda *_: []):
        result = dbtRunner().invoke(arguments)
    if not result.success:
        raise SystemExit(f"the project does not compile for Spark: {result.exception}")


def compiled_models(target_path: Path) -> dict[str, str]:
    """SQL of every model by the path of its file, from the manifest in a target path."""
    manifest = json.loads((target_path / "manifest.json").read_text(encoding="utf-8"))
    return {
        node["original_file_path"]: node["compiled_code"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["language"] == "sql"
    }


def faults(sql: str, engine: str) -> Iterator[str]:
    """What is wrong with a query on an engine, each as the end of a sentence."""
    try:
        parsed = sqlglot.parse(sql, dialect=engine)
    except sqlglot.errors.SqlglotError as error:
        yield f"does not parse as {engine} SQL: {str(error).splitlines()[0]}"
        return
    if len(parsed) != 1 or not isinstance(parsed[0], sqlglot.exp.Query):
        yield f"is not one query in {engine} SQL"
        return
    if engine == "spark":
        yield from _not_portable(sqlglot.tokenize(sql, dialect=engine))


def _not_portable(tokens: Sequence[Token]) -> Iterator[str]:
    # a name or a function may be split into tokens otherwise than a reader would
    words = [word for token in tokens for word in token.text.lower().split()]
    for at in range(len(words)):
        for length in range(1, LONGEST_DENIED + 1):
            denied = tuple(words[at : at + length])
            if denied in DENIED:
                yield f"has {' '.join(denied)!r}: {DENIED[denied]}"
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        word = token.text.lower()
        if token.token_type == TokenType.NUMBER and "." in word and "e" not in word:
            if before is None or before.token_type not in COMPARISONS:
                yield f"has the number {word}: {NUMBER_REMEDY}"
        elif token.token_type == TokenType.L_BRACKET:
            if before is None or before.token_type not in INDEXED:
                yield "has a list in square brackets: a macro of macros/engine writes lists"
        elif token.token_type == TokenType.FROM:
            if before is None or before.token_type == TokenType.L_PAREN:
                yield "begins with from: write select"
        elif after is not None and after.token_type == TokenType.L_PAREN:
            is_name = before is not None and before.token_type == TokenType.ALIAS
            is_function = word.isidentifier() and word not in WORDS and not is_name
            if is_function and word not in PORTABLE_FUNCTIONS | OF_BRIDGES:
                yield f"calls {word}(): not known to mean the same on both engines"


def main(argv: list[str] | None = None) -> int:
    """Print the findings; 1 when there are any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project-dir", type=Path, default=Path(), help="default: this folder")
    parser.add_argument("--duckdb-target", type=Path, help="what a build left; default: target")
    arguments = parser.parse_args(argv)
    project = arguments.project_dir.resolve()
    of_spark = project / TARGET_PATH
    compile_for_spark(project, of_spark)
    targets = {"duckdb": arguments.duckdb_target or project / "target", "spark": of_spark}
    found = []
    for engine, target in targets.items():
        models = compiled_models(target)
        print(f"{len(models)} models compiled for {engine}")
        for path, sql in sorted(models.items()):
            found += [f"{path} {fault}." for fault in dict.fromkeys(faults(sql, engine))]
    for finding in found:
        print(finding)
    print(f"dialects: {len(found)} finding(s)" if found else "dialects: no finding")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
