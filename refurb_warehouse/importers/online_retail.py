"""UCI Online Retail II (a British wholesaler of gifts, CC BY 4.0) as tables of the raw contract.

One supplier, the shop itself; a product is a stock code, an invoice is an order. It is the
public set with real returns: invoices whose number starts with C.

What the source does not say, and what was decided:

- Times are text in local time: read as Europe/London, written in UTC.
- Stock codes are compared without spaces around them and in upper case (85123a is 85123A). A
  product has five digits and then letters or nothing; every other code (POST, M, DOT, BANK
  CHARGES, gift_0001_20, TEST001, DCGS0058, ...) is postage, a fee, a correction, a voucher, a test
  or a code of another catalogue: a pseudo-product, which is counted and left out.
- Invoices that start with A (bad debt) and negative quantities without a C (stock written off)
  are neither orders nor returns: counted and left out.
- Every distinct row is a line of its own, numbered within invoice and product. Rows that are
  equal in all columns get the same id, so that staging rejects the copies as duplicates.
- Rows with a price of zero are passed on, and staging rejects them; no return is matched to them.
- Lines of normal invoices are taken as shipped. There are no parcels, payments or ratings.
- A returned unit is matched to a purchase as `matching.py` says; one row per unit. Units that
  find none (no customer, or bought before the data begins) are passed on as one row per source
  row, whose order_line_id 'unmatched-<invoice>-<product>' staging rejects; so is a C row with a
  positive quantity, as 'positive-<invoice>-<product>'.
- No reasons are known: every return is 25 (other), accepted, refunded, and asked for, received,
  decided and closed at the moment of its invoice. A refund covers what one C row takes from one
  order line, at the price of the C row.
- The customer number is both account and person. There are no exchange rates: money in EUR is
  null.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.importers import steps
from refurb_warehouse.importers.matching import Event, match_returns
from refurb_warehouse.importers.reading import load_csv, load_parquet
from refurb_warehouse.importers.report import Report
from refurb_warehouse.importers.writing import replaced_folder

COLUMNS = (
    "Invoice",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "Price",
    "Customer ID",
    "Country",
)
READERS = {".csv": load_csv, ".parquet": load_parquet}
TABLES = (
    "suppliers",
    "products",
    "product_lists",
    "users",
    "customers",
    "orders",
    "order_lines",
    "return_lines",
    "refunds",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `import online-retail`."""
    parser.add_argument(
        "--from",
        dest="source_path",
        metavar="FILE",
        type=Path,
        required=True,
        help="the data as .parquet or .csv (UTF-8), with the column names of the original",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        required=True,
        help="folder for the raw tables; an earlier import in it is replaced",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Import, and print what was read, written and left out."""
    print(import_online_retail(arguments.source_path, arguments.out).text(), end="")


def import_online_retail(source_file: Path, out: Path) -> Report:
    """Turn the invoice lines of a file into raw tables in `out`."""
    report = Report("UCI Online Retail II")
    with (
        replaced_folder(out) as folder,
        steps.workbench() as connection,
        steps.progress(len(TABLES) + 4) as bar,
    ):
        steps.step(bar, f"reading {source_file.name}")
        report.read[source_file.name] = load(connection, source_file)
        steps.step(bar, "telling sales from returns")
        steps.derive(connection, "online_retail", "rows")
        check_dates(connection, source_file)
        for table in ("lines", "country_codes", "invoices"):
            steps.derive(connection, "online_retail", table)
        steps.step(bar, "matching returns to purchases")
        match(connection)
        steps.derive(connection, "online_retail", "returned_units")
        steps.write_all(connection, "online_retail", TABLES, folder, report, bar)
        steps.step(bar, "counting")
        report.left_out = steps.count(connection, "online_retail", "left_out")
        report.noted = steps.count(connection, "online_retail", "noted")
        report.remarks = remarks(connection)
        steps.keep(report, folder)
    return report


def load(connection: duckdb.DuckDBPyConnection, source_file: Path) -> int:
    """Load the file by its ending. Returns its rows."""
    reader = READERS.get(source_file.suffix.lower())
    if reader is None:
        raise RefurbError(
            f"{source_file}: only .parquet and .csv can be read. Save the sheets of the workbook "
            "as CSV (UTF-8)."
        )
    return reader(connection, source_file, "source.invoice_lines", COLUMNS)


def check_dates(connection: duckdb.DuckDBPyConnection, source_file: Path) -> None:
    """A file in which no date can be read is in another format, not dirty."""
    readable, example = connection.execute(
        "select count(try_cast(invoice_date as timestamp)), any_value(invoice_date) from work.rows"
    ).fetchall()[0]
    if example is not None and not readable:
        raise RefurbError(
            f"{source_file}: column 'InvoiceDate' holds no time that can be read, such as "
            f"'{example}'. Export it as YYYY-MM-DD HH:MM:SS."
        )


def match(connection: duckdb.DuckDBPyConnection) -> None:
    """Match returns to purchases, into work.matches."""
    events = connection.execute(steps.sql("online_retail/matching_events")).fetchall()
    matches = match_returns(Event(*event) for event in events)
    columns = [list(column) for column in zip(*matches, strict=True)] or [[], [], [], [], []]
    names = ("return_ids", "order_line_ids", "line_units", "return_units", "units")
    connection.execute(
        f"create table work.matches as {steps.sql('online_retail/work_matches')}",
        dict(zip(names, columns, strict=True)),
    )


def remarks(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The codes that were taken for pseudo-products, most frequent first."""
    codes = connection.execute(steps.sql("online_retail/count_pseudo_products")).fetchall()
    listed = ", ".join(f"{code} {rows}" for code, rows in codes)
    return [f"Pseudo-products and their rows: {listed}."] if codes else []
