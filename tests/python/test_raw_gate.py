"""What the landing and staging gates do with raw files that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import DbtRun, run_dbt
from raw_folders import GOLDEN, write_csv


def stopped(build: DbtRun) -> str:
    """Output of a build that stopped before the first model, on one line."""
    assert build.returncode != 0, build.output[-3000:]
    assert "nothing was built" in build.output, build.output[-3000:]
    assert "sql table model" not in build.output
    return " ".join(build.output.split())


def test_unreadable_files_stop_the_build_with_every_finding(
    dbt: Callable[..., DbtRun], tmp_path: Path
) -> None:
    """All that is wrong is said at once, with file, line, column and remedy."""
    raw = write_csv(tmp_path / "raw", GOLDEN)
    (raw / "suppliers.csv").write_bytes(
        GOLDEN["suppliers"].replace("Alpha", "Älpha").encode("latin-1")
    )
    (raw / "products.csv").write_text(GOLDEN["products"].replace(",", ";"), encoding="utf-8")
    (raw / "orders.csv").write_text(GOLDEN["orders"].replace("ordered_at", "order_time"))
    (raw / "order_lines.csv").write_text(GOLDEN["order_lines"].replace("L2,2", 'L2,"2'))
    (raw / "product_lists.csv").write_text(
        GOLDEN["product_lists"].replace("perfect,200", "perfect")
    )
    (raw / "return_lines.csv").write_text("")
    (raw / "repairs.csv").write_text(
        GOLDEN["repairs"].replace("repair_id,return_line_id", "repair_id,repair_id", 1)
    )
    (raw / "defects.parquet").write_bytes(b"PAR1")
    output = stopped(dbt("build", env={"REFURB_RAW": str(raw)}))
    for finding in (
        "suppliers.csv, line 2, column supplier_name: Invalid unicode",
        "Save the file as UTF-8",
        "products.csv is separated by semicolons: export it with commas",
        "orders.csv: column 'ordered_at' is missing. Add it",
        "order_lines.csv, line 3, column order_id",
        "Close the double quote",
        "product_lists.csv, line 2",
        "the line is cut off or a value is missing".capitalize(),
        "return_lines.csv is empty or not UTF-8 text",
        "repairs.csv: column 'return_line_id' is missing",
        "repairs.csv: column 'repair_id' stands twice",
        "hold the same table: keep one of them",
    ):
        assert finding in output, finding


def test_missing_tables_and_folders_are_named(dbt: Callable[..., DbtRun], tmp_path: Path) -> None:
    """Without the tables that every KPI needs there is no warehouse."""
    raw = write_csv(tmp_path / "raw", {t: GOLDEN[t] for t in ("orders", "repairs")})
    output = stopped(dbt("build", env={"REFURB_RAW": str(raw)}))
    assert "order_lines.csv (or .parquet) is missing: without it no KPI can be computed" in output
    assert "suppliers.csv (or .parquet) is missing" in output
    assert "repairs.csv says nothing without return_lines: export return_lines.csv" in output
    output = stopped(dbt("build", env={"REFURB_RAW": str(tmp_path / "nowhere")}))
    assert "holds no table of the raw contract" in output


def test_bom_crlf_column_order_and_offsets_are_taken(
    dbt: Callable[..., DbtRun], tmp_path: Path
) -> None:
    """Byte order mark, Windows line ends, columns in another order and one more, an offset."""
    raw = write_csv(tmp_path / "raw", GOLDEN)
    suppliers = (
        "\ufeffis_active,supplier_name,supplier_id,supplier_type,country_code,onboarded_at,note\r\n"
    )
    suppliers += (
        'TRUE,"Alpha, & ""Söhne""\r\n🙂",A,Refurbisher,fr,2023-01-01T00:30:00+02:00,=1+1\r\n'
    )
    (raw / "suppliers.csv").write_bytes(suppliers.encode())
    build = dbt("build", "--exclude-resource-type", "unit_test", env={"REFURB_RAW": str(raw)})
    assert build.returncode == 0, build.output[-4000:]
    assert "column 'note' is not in the contract and is not read" in build.output
    assert build.query(
        """
        select supplier_name, supplier_type, country_code, is_active,
            cast(onboarded_at as varchar)
        from core.dim_suppliers
        """
    ) == [('Alpha, & "Söhne"\r\n🙂', "refurbisher", "FR", True, "2022-12-31 22:30:00")]


def test_a_bad_file_leaves_the_last_good_build_as_it_was(
    dbt: Callable[..., DbtRun], tmp_path: Path
) -> None:
    """The second build stops, and the marts still answer."""
    raw = write_csv(tmp_path / "raw", GOLDEN)
    good = dbt("build", "--exclude-resource-type", "unit_test", env={"REFURB_RAW": str(raw)})
    assert good.returncode == 0, good.output[-4000:]
    before = good.query("select * from quality.mart_supplier_defects order by all")
    (raw / "orders.csv").write_text(GOLDEN["orders"][:-20])
    bad = dbt("build", "--exclude-resource-type", "unit_test", env={"REFURB_RAW": str(raw)})
    stopped(bad)
    assert bad.query("select * from quality.mart_supplier_defects order by all") == before


# One row beside the golden case, and the reason for which it is set aside.
BAD_ROWS = [
    ("orders", ",C,2024-01-05 10:00:00,,EUR,FR", "order_id", "key is missing"),
    ("orders", "5,,31/01/2024,,EUR,FR", "ordered_at", "not a time (YYYY-MM-DD HH:MM:SS)"),
    ("orders", "6,,2999-01-01 00:00:00,,EUR,FR", "ordered_at", "in the future"),
    ("orders", "7,,1015-01-01 00:00:00,,EUR,FR", "ordered_at", "before 2000-01-01"),
    ("orders", "8,,2024-01-05 10:00:00,,EURO,FR", "currency_code", "does not look like [A-Z]{3}"),
    ("orders", "1,,2024-01-05 10:00:00,done,EUR,FR", "order_id", "duplicate"),
    ("orders", "3,,2024-01-04 10:00:00,done,EUR,FR", "order_id", "conflicting key"),
    # a bad copy beside a sound row takes nothing from it
    ("orders", "2,,31/01/2024,done,EUR,FR", "ordered_at", "not a time (YYYY-MM-DD HH:MM:SS)"),
    ("return_lines", "R3,L99,1,1,2024-02-01 00:00:00,,accepted,,,refunded,", "return_line_id",
     "conflicting key"),
    ("order_lines", "X1,1,OP,0,200,shipped,", "quantity", "below 1"),
    ("order_lines", "X2,1,OP,1.5,200,shipped,", "quantity", "not a whole number"),
    ("order_lines", 'X3,1,OP,1,"200,00",shipped,', "unit_price",
     "not a number with at most 4 decimals"),
    ("order_lines", "X4,1,OP,1,0,shipped,", "unit_price", "not above 0"),
    ("order_lines", "X5,1,OP,1,200,lost,", "state", "not an accepted value"),
    ("order_lines", "X6,99,OP,1,200,shipped,", "order_id", "not found in orders"),
    ("order_lines", "X7,5,OP,1,200,shipped,", "order_id", "not found in orders"),
    ("order_lines", "X8,1,ZZ,1,200,shipped,", "product_list_id", "not found in product_lists"),
    ("return_lines", "Y1,L4,2,21,2024-09-05 11:00:00,,pending,,,pending,", "unit_number",
     "above the quantity of the line"),
    ("return_lines", "Y2,L5,1,21,2024-09-05 11:00:00,,pending,,,pending,", "order_line_id",
     "return of a line that never shipped"),
    ("return_lines", "Y3,L4,1,99,2024-09-05 11:00:00,,pending,,,pending,", "reason_code",
     "not found in return_reasons"),
    ("return_lines", "Y4,L4,1,21,2024-09-04 11:00:00,,pending,,,pending,", "requested_at",
     "before the order"),
    ("return_lines", "Y5,L4,1,21,2024-09-05 11:00:00,2024-09-05 10:59:00,pending,,,pending,",
     "received_at", "before requested_at"),
    ("return_lines", "Y6,X1,1,21,2024-09-05 11:00:00,,pending,,,pending,", "order_line_id",
     "not found in order_lines"),
    ("repairs", "Z1,R3,,2024-02-09 00:00:00,,,,,,,EUR,", "sent_to_service_at",
     "before the return was requested"),
    ("repairs", "Z2,R3,,2024-02-12 00:00:00,,,2024-02-11 00:00:00,,,,EUR,",
     "returned_to_customer_at", "before sent_to_service_at"),
]  # fmt: skip


@pytest.fixture(scope="module")
def with_bad_rows(tmp_path_factory: pytest.TempPathFactory) -> DbtRun:
    """The golden case with all bad rows at once; the share that may be rejected is raised."""
    folder = tmp_path_factory.mktemp("bad_rows")
    tables = dict(GOLDEN)
    for table, row, _, _ in BAD_ROWS:
        tables[table] += row + "\n"
    build = run_dbt(
        "build",
        "--exclude-resource-type",
        "unit_test",
        folder=folder,
        env={"REFURB_RAW": str(write_csv(folder / "raw", tables))},
        variables={"max_rejected_share": 1},
    )
    assert build.returncode == 0, build.output[-6000:]
    return build


@pytest.mark.parametrize(("table", "row", "column", "reason"), BAD_ROWS)
def test_a_bad_row_is_set_aside_with_its_reason(
    with_bad_rows: DbtRun, table: str, row: str, column: str, reason: str
) -> None:
    """Exactly this row, for exactly this reason."""
    found = with_bad_rows.query(
        """
        select column_name, reason from health.rejected_rows
        where source_table = ? and row_key = ?
        """,
        [table, row.split(",")[0]],
    )
    assert found == [(column, reason)]


def test_bad_rows_change_no_figure_of_the_others(with_bad_rows: DbtRun) -> None:
    """The rates are those of the golden case, and every row is accounted for."""
    assert with_bad_rows.query(
        """
        select sum(ordered_units), sum(returned_units), sum(return_events)
        from quality.mart_supplier_defects
        """
    ) == [(5, 3, 4)]
    assert with_bad_rows.query("select count(*) from health.rejected_rows") == [(len(BAD_ROWS),)]


def test_too_many_bad_rows_fail_the_build(dbt: Callable[..., DbtRun], tmp_path: Path) -> None:
    """One bad line of six is more than the default share of 1 %."""
    tables = dict(GOLDEN)
    tables["order_lines"] += "X1,1,OP,0,200,shipped,\n"
    raw = write_csv(tmp_path / "raw", tables)
    build = dbt("build", "--exclude-resource-type", "unit_test", env={"REFURB_RAW": str(raw)})
    assert build.returncode != 0
    assert "assert_rejected_share_within_limit" in build.output
