"""Olist (Brazilian marketplace, CC BY-NC-SA 4.0) as tables of the raw contract.

Sellers are suppliers, pairs of product and seller are offers, `customer_unique_id` is the person
and `customer_id`, which Olist gives to every order anew, the account.

What the source does not say, and what was decided:

- Times are Brazilian local time without a zone: they are read as America/Sao_Paulo and written
  in UTC. `promised_at` is the start of the promised day, as Olist gives it.
- There is no quantity: rows of one order with the same product, seller and price are the units
  of one line, whose id ends with the lowest of their item numbers (compared as text).
- An offer has one version, valid since 2000-01-01, without a price of its own: the price paid
  stands on the line. Freight is what the customer paid for it, not what the parcel cost, and is
  not imported.
- `delivered` and `shipped` orders have shipped. A cancelled order that the carrier has taken is
  `refunded_after_shipping`: its units have left, so they count as ordered. Other cancelled and
  unavailable orders are `cancelled`; a status that is not known is passed on and rejected.
- A review is about an order: it becomes one rating of every line of the order, given when it was
  answered. Titles and comments, and the cities of sellers, are not imported.
- Dates that contradict each other are passed on as they are: staging rejects and counts them.
- Olist has no returns, repairs or refunds. Those files are not written, so that the warehouse
  shows every measure of returns as null: never present a return rate from Olist.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from refurb_warehouse.importers import steps
from refurb_warehouse.importers.reading import load_csv
from refurb_warehouse.importers.report import Report
from refurb_warehouse.importers.writing import replaced_folder

FILES = {
    "orders": (
        "olist_orders_dataset.csv",
        (
            "order_id",
            "customer_id",
            "order_status",
            "order_purchase_timestamp",
            "order_approved_at",
            "order_delivered_carrier_date",
            "order_delivered_customer_date",
            "order_estimated_delivery_date",
        ),
    ),
    "order_items": (
        "olist_order_items_dataset.csv",
        ("order_id", "order_item_id", "product_id", "seller_id", "price"),
    ),
    "order_payments": (
        "olist_order_payments_dataset.csv",
        ("order_id", "payment_sequential", "payment_type", "payment_value"),
    ),
    "order_reviews": (
        "olist_order_reviews_dataset.csv",
        ("review_id", "order_id", "review_score", "review_answer_timestamp"),
    ),
    "customers": (
        "olist_customers_dataset.csv",
        ("customer_id", "customer_unique_id", "customer_city"),
    ),
    "products": ("olist_products_dataset.csv", ("product_id", "product_category_name")),
    "sellers": ("olist_sellers_dataset.csv", ("seller_id",)),
    "category_names": (
        "product_category_name_translation.csv",
        ("product_category_name", "product_category_name_english"),
    ),
}
TABLES = (
    "suppliers",
    "products",
    "product_lists",
    "users",
    "customers",
    "orders",
    "order_lines",
    "payments",
    "shipments",
    "ratings",
)
NO_RETURNS = (
    "Olist has no returns: the files of returns, repairs and refunds are not written, and every "
    "measure of returns is null. There are no exchange rates either: money in EUR is null."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `import olist`."""
    parser.add_argument(
        "--from",
        dest="source_path",
        metavar="DIR",
        type=Path,
        required=True,
        help="folder with the CSV files of the Olist data set",
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
    print(import_olist(arguments.source_path, arguments.out).text(), end="")


def import_olist(source_folder: Path, out: Path) -> Report:
    """Turn the Olist files of a folder into raw tables in `out`."""
    report = Report("Olist")
    bar_steps = len(FILES) + len(TABLES) + 1
    with (
        replaced_folder(out) as folder,
        steps.workbench() as connection,
        steps.progress(bar_steps) as bar,
    ):
        for table, (file_name, columns) in FILES.items():
            steps.step(bar, f"reading {file_name}")
            report.read[file_name] = load_csv(
                connection, source_folder / file_name, f"source.{table}", columns
            )
        steps.step(bar, "grouping items into lines")
        steps.derive(connection, "olist", "lines")
        steps.write_all(connection, "olist", TABLES, folder, report, bar)
        report.left_out = steps.count(connection, "olist", "left_out")
        report.noted = steps.count(connection, "olist", "noted")
        report.remarks = [NO_RETURNS]
        steps.keep(report, folder)
    return report
