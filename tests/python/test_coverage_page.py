"""The page that says where each question of the brief is answered names what exists."""

from __future__ import annotations

import re

from conftest import PROJECT, DbtRun

PAGE = PROJECT / "docs" / "coverage.md"
ROW = re.compile(r"^\| (\d+) \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[int, str, str, str]]:
    """Item, question, where it is answered, and by what that is guarded."""
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return [(int(item), question, where, tests) for item, question, where, tests in found]


def test_every_item_has_one_row_that_answers_or_says_why_not() -> None:
    assert [item for item, *_ in rows()] == list(range(1, 93))
    for item, _, where, guarded in rows():
        answered = CODE.search(where) and CODE.search(guarded)
        refers = where.startswith("as ")
        says_why = re.search("Out of scope|Not there yet", where)
        assert answered or refers or says_why, f"item {item} is left blank"


def test_tables_columns_and_files_of_the_page_exist(demo_build: DbtRun) -> None:
    columns: dict[str, set[str]] = {}
    for table, column in demo_build.query(
        "select table_schema || '.' || table_name, column_name from information_schema.columns"
    ):
        columns.setdefault(table, set()).add(column)
    for item, _, where, _ in rows():
        table = ""
        for name in CODE.findall(where):
            if name.startswith(("analyses/", "docs/")):
                assert (PROJECT / name).exists(), f"item {item}: {name}"
            elif re.fullmatch(r"[a-z]+\.[a-z_]+(\.\w+)?", name) and "messages." not in name:
                schema, table_name, *column = name.split(".")
                table = f"{schema}.{table_name}"
                assert table in columns, f"item {item}: {table}"
                assert set(column) <= columns[table], f"item {item}: {name}"
            elif re.fullmatch(r"\w+", name) and table and name not in ("total", "act"):
                assert name in columns[table], f"item {item}: {name} of {table}"


def test_tests_of_the_page_exist() -> None:
    known = {path.stem for path in (PROJECT / "tests" / "kpi").glob("*.sql")}
    for path in (PROJECT / "models").rglob("_*__unit_tests.yml"):
        known.update(
            re.findall(r"^  - name: (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        )
    for path in (PROJECT / "tests" / "python").rglob("test_*.py"):
        known.update(re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    for item, _, _, guarded in rows():
        for name in CODE.findall(guarded):
            assert name in known, f"item {item}: {name}"
