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
from refurb_warehouse.summary import SupplierReturns

AS_OF = date(2025, 12, 31)
COHORTS = [
    # supplier, month, ordered, returned, mature
    ("S1", date(2025, 1, 1), 100, 10, True),
    ("S1", date(2025, 2, 1), 300, 10, True),
    ("S1", date(2025, 12, 1), 1000, 900, False),
    ("S2", date(2025, 1, 1), 400, 60, True),
    ("S3", date(2025, 1, 1), 5, 1, True),
    ("S4", date(2025, 1, 1), 0, 0, True),
]
SUPPLIERS = [("S1", "Alto"), ("S2", "Basso"), ("S3", "Corto"), ("S4", "Durevo")]


def write_build(path: Path, cohorts: list[tuple] = COHORTS) -> Path:
    """A database with what the summary reads of a build."""
    with duckdb.connect(str(path)) as connection:
        for schema in ("quality", "core", "health"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table quality.mart_supplier_defects (supplier_id varchar, order_month date, "
            "ordered_units bigint, returned_units bigint, is_mature_30d boolean)"
        )
        connection.execute(
            "create table core.dim_suppliers (supplier_id varchar, supplier_name varchar)"
        )
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
        if cohorts:
            connection.executemany(
                "insert into quality.mart_supplier_defects values ($1, $2, $3, $4, $5)", cohorts
            )
        connection.executemany("insert into core.dim_suppliers values ($1, $2)", SUPPLIERS)
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


def test_bounds_are_those_of_the_published_vectors():
    known = [
        (1, 5, 0.036224108632430196, 0.6244653702374747),
        (3, 5, 0.23072428127601288, 0.8823792257673522),
        (0, 20, 0.0, 0.16112515805281935),
        (10, 10, 0.7224672001371107, 1.0),
        (81, 263, 0.2552885198782742, 0.36620957698280004),
    ]
    for successes, trials, low, high in known:
        assert summary.wilson_bounds(successes, trials) == pytest.approx((low, high), abs=1e-9)


def test_rate_is_the_ratio_of_sums_over_mature_months(build):
    found = {supplier.supplier_id: supplier for supplier in summary.read_summary(build).suppliers}
    assert found["S1"] == SupplierReturns("S1", "Alto", 400, 20)
    assert "S4" not in found


def test_order_follows_the_lower_bound_and_small_suppliers_are_left_out():
    few = SupplierReturns("few", "few", 5, 1)
    certain = SupplierReturns("certain", "certain", 1000, 150)
    vague = SupplierReturns("vague", "vague", 40, 7)
    assert vague.returned_units / vague.ordered_units > 0.15
    assert summary.rank([few, vague, certain]) == [certain, vague]


def test_table_fits_in_80_columns(build):
    lines = shown(build).splitlines()
    assert max(len(line) for line in lines if "Database" not in line) <= 80
    ranked = [line.split()[0] for line in lines if "%" in line and "-" in line]
    assert ranked == ["Basso", "Alto"]
    assert "1 with fewer than 30 units not ranked" in " ".join(shown(build).split())
    assert "2025-12-31" in shown(build)
    assert "3 of 4,000" in shown(build)
    assert str(build) in shown(build)


def test_health_of_the_build_is_said_in_few_lines(build):
    text = shown(build)
    assert "Last build     warned: 150 tests, 0 failed" in text
    assert "Warning        freshness: claims, repairs" in text
    assert text.count("Warning") == 1


def test_long_names_are_cut_not_wrapped(tmp_path):
    database = write_build(tmp_path / "build.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute("update core.dim_suppliers set supplier_name = repeat('name ', 40)")
    lines = shown(database).splitlines()
    assert max(len(line) for line in lines if "Database" not in line) <= 80


def test_returns_that_were_not_delivered_are_not_zero(tmp_path):
    cohorts = [("S1", date(2025, 1, 1), 100, None, True)]
    text = shown(write_build(tmp_path / "build.duckdb", cohorts))
    assert "return extracts were not delivered" in text
    assert "0.0 %" not in text


@pytest.mark.parametrize(
    ("cohorts", "expected"),
    [
        ([], "No order month is that old yet"),
        ([("S1", date(2025, 12, 1), 100, 5, False)], "No order month is that old yet"),
        ([("S3", date(2025, 1, 1), 5, 1, True)], "No supplier has 30 units"),
    ],
)
def test_what_cannot_be_ranked_is_said(tmp_path, cohorts, expected):
    assert expected in shown(write_build(tmp_path / "build.duckdb", cohorts))


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

    monkeypatch.setattr(summary.duckdb, "connect", refuse)
    with pytest.raises(RefurbError, match="is locked"):
        summary.read_summary(build)


def test_database_of_the_environment_is_read(build, monkeypatch, capsys):
    monkeypatch.setenv("REFURB_DATABASE", str(build))
    assert __main__.main(["summary"]) == 0
    assert "Basso" in capsys.readouterr().out
