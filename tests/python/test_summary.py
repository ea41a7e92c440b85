"""The table that ends `make build`, on small databases made here."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from refurb_warehouse import __main__, summary
from refurb_warehouse.errors import RefurbError

AS_OF = date(2025, 12, 31)
SCORES = [
    # supplier, name, verdict, rank, ordered, returned, defects, ratio, low, high
    ("S1", "Alto", "fine", 2, 400, 20, 12, 0.8, 0.4, 1.4),
    ("S2", "Basso", "act", 1, 400, 60, 50, 2.1, 1.5, 2.7),
    ("S3", None, "not enough data", None, 5, 1, 1, 3.0, 0.1, 16.0),
    ("S4", "Durevo", "not enough data", None, 0, None, None, None, None, None),
]
COLUMNS = (
    "supplier_id varchar, supplier_name varchar, verdict varchar, quality_rank integer, "
    "ordered_units bigint, returned_units bigint, defect_returned_units bigint, "
    "observed_expected_ratio double, observed_expected_ratio_low double, "
    "observed_expected_ratio_high double"
)


def write_build(path: Path, scores: list[tuple] = SCORES) -> Path:
    """A database with what the summary reads of a build."""
    with duckdb.connect(str(path)) as connection:
        for schema in ("quality", "health"):
            connection.execute(f"create schema {schema}")
        connection.execute(f"create table quality.mart_supplier_scorecard ({COLUMNS})")
        connection.execute(
            "create table health.build_health as select $1 as as_of_date, 3 as rejected_rows, "
            "4000 as raw_rows, 'warned' as build_status, 150 as tests_run, 0 as tests_failed",
            [AS_OF],
        )
        connection.execute(
            "create table health.build_findings as select * from (values "
            "('check', 'rejected_rows', 'orders'), ('check', 'freshness', 'repairs'), "
            "('check', 'freshness', 'claims'), ('test', 'warn_about_rejected_rows', 'all')"
            ") as findings (finding_type, finding_name, source_table)"
        )
        if scores:
            places = ", ".join("?" for _ in scores[0])
            connection.executemany(
                f"insert into quality.mart_supplier_scorecard values ({places})", scores
            )
    return path


def shown(database: Path, width: int = 80) -> str:
    """What is printed for a database."""
    output = StringIO()
    console = Console(file=output, width=width, highlight=False)
    summary.show(summary.read_summary(database), database, 10, console)
    return output.getvalue()


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A small build."""
    return write_build(tmp_path / "build.duckdb")


def test_suppliers_without_a_mature_month_are_left_out(build):
    suppliers = summary.read_summary(build).suppliers
    assert [supplier.supplier_id for supplier in suppliers] == ["S2", "S1", "S3"]
    assert suppliers[-1].name == "S3"


def test_table_shows_the_ranked_worst_first_in_80_columns(build):
    lines = shown(build).splitlines()
    assert max(len(line) for line in lines if "Database" not in line) <= 80
    rows = [line.split() for line in lines if line.strip().startswith(("Alto", "Basso"))]
    assert [row[0] for row in rows] == ["Basso", "Alto"]
    assert " ".join(rows[0]) == "Basso 400 15.0 % 12.5 % 2.1 (1.5 - 2.7) act"
    text = " ".join(shown(build).split())
    assert "All 3 suppliers: 81 of 805 units returned, 10.1 %" in text
    assert "1 act, 1 fine, 1 not enough data" in text
    assert "2025-12-31" in text
    assert "3 of 4,000" in text
    assert str(build) in text


def test_health_of_the_build_is_said_in_few_lines(build):
    text = shown(build)
    assert "Last build     warned: 150 tests, 0 failed" in text
    assert "Warning        freshness: claims, repairs" in text
    assert text.count("Warning") == 1


def test_long_names_are_cut_not_wrapped(tmp_path):
    database = write_build(tmp_path / "build.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update quality.mart_supplier_scorecard set supplier_name = repeat('name ', 40)"
        )
    lines = shown(database).splitlines()
    assert max(len(line) for line in lines if "Database" not in line) <= 80


def test_returns_that_were_not_delivered_are_not_zero(tmp_path):
    scores = [("S1", "Alto", "not enough data", None, 100, None, None, None, None, None)]
    text = shown(write_build(tmp_path / "build.duckdb", scores))
    assert "return extracts were not delivered" in text
    assert "0.0 %" not in text


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], "No order month is that old yet"),
        (SCORES[3:], "No order month is that old yet"),
        (SCORES[2:3], "No supplier has enough units"),
    ],
)
def test_what_cannot_be_ranked_is_said(tmp_path, scores, expected):
    assert expected in shown(write_build(tmp_path / "build.duckdb", scores))


def test_missing_file_names_the_remedy(tmp_path, capsys):
    missing = tmp_path / "none.duckdb"
    assert __main__.main(["summary", "--database", str(missing)]) == 1
    assert "run make build first" in capsys.readouterr().err
    assert not missing.exists()


def test_unfinished_build_and_foreign_file_are_told_apart(tmp_path):
    with duckdb.connect(str(tmp_path / "empty.duckdb")):
        pass
    with pytest.raises(RefurbError, match="does not hold a finished build"):
        summary.read_summary(tmp_path / "empty.duckdb")
    (tmp_path / "text.duckdb").write_text("not a database " * 1000)
    with pytest.raises(RefurbError, match="cannot be read as a DuckDB file"):
        summary.read_summary(tmp_path / "text.duckdb")


def test_locked_file_says_who_may_hold_it(build, monkeypatch):
    def refuse(*_arguments, **_options):
        raise duckdb.IOException('IO Error: Could not set lock on file "build.duckdb"')

    monkeypatch.setattr(duckdb, "connect", refuse)
    with pytest.raises(RefurbError, match="is locked"):
        summary.read_summary(build)


def test_database_of_the_environment_is_read(build, monkeypatch, capsys):
    monkeypatch.setenv("REFURB_DATABASE", str(build))
    assert __main__.main(["summary"]) == 0
    assert "Basso" in capsys.readouterr().out
