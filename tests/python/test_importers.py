"""The importers, on small invented files, and on the real data where a folder of it is named."""

from __future__ import annotations

import csv
import random
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.importers import olist, online_retail
from refurb_warehouse.importers.columns import contract_type
from refurb_warehouse.importers.matching import Event, match_returns

REPOSITORY = Path(__file__).parents[2]
STAGING = REPOSITORY / "models" / "staging"
CONTRACTS = [
    STAGING / "marketplace" / "_marketplace.yml",
    STAGING / "open_repair" / "_open_repair.yml",
]
DELIVERED = ("delivered", "2018-03-02 09:00:00", "2018-03-05 12:00:00")
HEADERS = {name: list(columns) for name, columns in olist.FILES.values()}
TRANSLATION = "product_category_name_translation.csv"
REVIEWS = "olist_order_reviews_dataset.csv"
ORDERS = "olist_orders_dataset.csv"
ITEMS = "olist_order_items_dataset.csv"


# ------------------------------------------------------------------------------- small helpers


def write_csv(path: Path, header: list[str], rows: list[tuple], encoding: str = "utf-8") -> None:
    """A CSV file with every value as it is given; None is empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])


def table(folder: Path, name: str) -> list[dict]:
    """Rows of a written table, in the order of the file."""
    with duckdb.connect() as connection:
        found = connection.execute("from read_parquet($p)", {"p": str(folder / f"{name}.parquet")})
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def by_key(folder: Path, name: str, key: str) -> dict[str, dict]:
    """Rows of a written table by their key."""
    return {row[key]: row for row in table(folder, name)}


def types_of(folder: Path, name: str) -> dict[str, str]:
    """Types of the columns of a written table."""
    with duckdb.connect() as connection:
        described = connection.execute(
            "describe select * from read_parquet($p)", {"p": str(folder / f"{name}.parquet")}
        )
        return {row[0]: row[1] for row in described.fetchall()}


def contract_columns(name: str) -> dict[str, str]:
    """Columns of a raw table and their types, from the contract."""
    sources = [yaml.safe_load(path.read_text("utf-8"))["sources"][0] for path in CONTRACTS]
    tables = {each["name"]: each for source in sources for each in source["tables"]}
    return {column["name"]: column["data_type"] for column in tables[name]["columns"]}


# --------------------------------------------------------------------------------------- Olist


def order_row(order_id: str, status: str, shipped: str | None, delivered: str | None) -> tuple:
    """An order of the first of March 2018, noon in Sao Paulo, due on the tenth."""
    return (
        order_id,
        f"account-{order_id}",
        status,
        "2018-03-01 12:00:00",
        "2018-03-01 12:30:00",
        shipped,
        delivered,
        "2018-03-10 00:00:00",
    )


def olist_files(folder: Path, **replaced: list[tuple]) -> Path:
    """A complete small Olist folder; name a table to give it other rows."""
    rows = {
        "orders": [order_row("o1", *DELIVERED)],
        "order_items": [("o1", "1", "p1", "3442f8959a", "10.00")],
        "order_payments": [("o1", "1", "boleto", "12.50")],
        "order_reviews": [("r1", "o1", "4", "2018-03-07 10:00:00")],
        "customers": [("account-o1", "person-1", "campinas")],
        "products": [("p1", "beleza_saude")],
        "sellers": [("3442f8959a",)],
        "category_names": [("beleza_saude", "health_beauty")],
    } | replaced
    for name, (file_name, _) in olist.FILES.items():
        encoding = "utf-8-sig" if file_name == TRANSLATION else "utf-8"
        write_csv(folder / file_name, HEADERS[file_name], rows[name], encoding)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Folder that the import writes."""
    return tmp_path / "raw"


def test_olist_small_set_fills_the_contract(tmp_path: Path, out: Path) -> None:
    report = olist.import_olist(olist_files(tmp_path / "olist"), out)
    assert set(report.written) == set(olist.TABLES)
    assert set(report.written.values()) == {1}
    supplier = table(out, "suppliers")[0]
    assert supplier["supplier_name"] == "Seller 3442f895"
    assert (supplier["supplier_type"], supplier["country_code"]) == ("seller", "BR")
    offer = table(out, "product_lists")[0]
    assert offer["product_list_id"] == "p1-3442f8959a"
    assert offer["valid_from"] == datetime(2000, 1, 1)
    assert (offer["unit_price"], offer["announced_grade"], offer["valid_to"]) == (None, None, None)
    user = table(out, "users")[0]
    assert (user["user_id"], user["country_code"], user["city"]) == ("person-1", "BR", "campinas")
    assert user["email"] is None
    payment = table(out, "payments")[0]
    assert (payment["payment_id"], payment["amount"]) == ("o1-1", Decimal("12.50"))


def test_olist_writes_no_table_of_returns(tmp_path: Path, out: Path) -> None:
    olist.import_olist(olist_files(tmp_path / "olist"), out)
    expected = {f"{name}.parquet" for name in olist.TABLES} | {"import_report.txt"}
    assert {path.name for path in out.iterdir()} == expected
    assert "return_lines.parquet" not in expected


def test_olist_times_are_written_in_utc(tmp_path: Path, out: Path) -> None:
    olist.import_olist(olist_files(tmp_path / "olist"), out)
    assert table(out, "orders")[0]["ordered_at"] == datetime(2018, 3, 1, 15, 0)
    shipment = table(out, "shipments")[0]
    assert shipment["shipped_at"] == datetime(2018, 3, 2, 12, 0)
    assert shipment["promised_at"] == datetime(2018, 3, 10, 3, 0)
    assert table(out, "payments")[0]["paid_at"] == datetime(2018, 3, 1, 15, 30)
    assert table(out, "ratings")[0]["rated_at"] == datetime(2018, 3, 7, 13, 0)


def test_olist_summer_time_of_sao_paulo_counts(tmp_path: Path, out: Path) -> None:
    summer = list(order_row("o1", *DELIVERED))
    summer[3] = "2018-01-01 12:00:00"
    olist.import_olist(olist_files(tmp_path / "olist", orders=[tuple(summer)]), out)
    assert table(out, "orders")[0]["ordered_at"] == datetime(2018, 1, 1, 14, 0)


def test_olist_repeated_items_are_a_quantity_and_other_prices_a_line(
    tmp_path: Path, out: Path
) -> None:
    items = [
        ("o1", "1", "p1", "s1", "10.00"),
        ("o1", "2", "p1", "s1", "10.00"),
        ("o1", "3", "p1", "s1", "9.00"),
        ("o1", "4", "p1", "s2", "10.00"),
        ("o1", "4", "p1", "s2", "10.00"),
    ]
    report = olist.import_olist(olist_files(tmp_path / "olist", order_items=items), out)
    lines = by_key(out, "order_lines", "order_line_id")
    assert {key: line["quantity"] for key, line in lines.items()} == {
        "o1-1": 2,
        "o1-3": 1,
        "o1-4": 1,
    }
    assert lines["o1-3"]["unit_price"] == Decimal(9)
    assert len(table(out, "product_lists")) == 2
    assert report.left_out == {"item rows that are exact copies of another": 1}


def test_olist_category_keeps_portuguese_where_no_translation_exists(
    tmp_path: Path, out: Path
) -> None:
    products = [("p1", "beleza_saude"), ("p2", "pc_gamer"), ("p3", None)]
    olist.import_olist(olist_files(tmp_path / "olist", products=products), out)
    categories = {
        key: row["category"] for key, row in by_key(out, "products", "product_id").items()
    }
    assert categories == {"p1": "health_beauty", "p2": "pc_gamer", "p3": None}


@pytest.mark.parametrize(
    ("status", "shipped", "state"),
    [
        ("delivered", "2018-03-02 09:00:00", "shipped"),
        ("shipped", "2018-03-02 09:00:00", "shipped"),
        ("canceled", None, "cancelled"),
        ("canceled", "2018-03-02 09:00:00", "refunded_after_shipping"),
        ("unavailable", None, "cancelled"),
        ("approved", None, "paid"),
        ("processing", None, "paid"),
        ("invoiced", None, "paid"),
        ("created", None, "new"),
        ("teleported", None, "teleported"),
    ],
)
def test_olist_state_of_a_line(
    tmp_path: Path, out: Path, status: str, shipped: str | None, state: str
) -> None:
    orders = [order_row("o1", status, shipped, None)]
    olist.import_olist(olist_files(tmp_path / "olist", orders=orders), out)
    assert table(out, "order_lines")[0]["state"] == state
    assert len(table(out, "shipments")) == (1 if shipped else 0)


def test_olist_reviews_rate_every_line_with_keys_of_their_own(tmp_path: Path, out: Path) -> None:
    files = olist_files(
        tmp_path / "olist",
        orders=[order_row("o1", *DELIVERED), order_row("o2", *DELIVERED)],
        order_items=[
            ("o1", "1", "p1", "s1", "10.00"),
            ("o1", "2", "p2", "s1", "5.00"),
            ("o2", "1", "p1", "s1", "10.00"),
        ],
        order_reviews=[
            ("r1", "o1", "5", "2018-03-07 10:00:00"),
            ("r2", "o1", "1", "2018-03-09 10:00:00"),
            ("r1", "o2", "5", "2018-03-07 10:00:00"),
        ],
    )
    olist.import_olist(files, out)
    ratings = by_key(out, "ratings", "rating_id")
    assert sorted(ratings) == ["r1-o1-1", "r1-o1-2", "r1-o2-1", "r2-o1-1", "r2-o1-2"]
    assert ratings["r1-o2-1"]["customer_id"] == "account-o2"
    assert {row["comment"] for row in ratings.values()} == {None}


def test_olist_order_without_items_has_no_lines_and_its_review_is_counted(
    tmp_path: Path, out: Path
) -> None:
    orders = [order_row("o1", *DELIVERED), order_row("o2", "unavailable", None, None)]
    reviews = [("r1", "o1", "4", "2018-03-07 10:00:00"), ("r2", "o2", "1", "2018-03-07 10:00:00")]
    files = olist_files(tmp_path / "olist", orders=orders, order_reviews=reviews)
    report = olist.import_olist(files, out)
    assert (report.written["orders"], report.written["order_lines"]) == (2, 1)
    assert report.left_out == {"reviews of orders without items": 1}
    assert report.noted["orders without items: no lines"] == 1


def test_olist_people_have_one_row_with_the_city_of_their_latest_order(
    tmp_path: Path, out: Path
) -> None:
    later = list(order_row("o2", *DELIVERED))
    later[3] = "2018-06-01 12:00:00"
    files = olist_files(
        tmp_path / "olist",
        orders=[order_row("o1", *DELIVERED), tuple(later)],
        customers=[("account-o1", "person-1", "campinas"), ("account-o2", "person-1", "santos")],
    )
    olist.import_olist(files, out)
    assert [row["city"] for row in table(out, "users")] == ["santos"]
    assert {row["user_id"] for row in table(out, "customers")} == {"person-1"}


def test_olist_contradicting_dates_and_repeated_rows_are_passed_on(
    tmp_path: Path, out: Path
) -> None:
    wrong = order_row("o1", "delivered", "2018-02-01 09:00:00", "2018-01-05 12:00:00")
    files = olist_files(
        tmp_path / "olist",
        orders=[wrong],
        customers=[("account-o1", "person-1", "campinas")] * 2,
        sellers=[("3442f8959a",), (None,)],
    )
    report = olist.import_olist(files, out)
    shipment = table(out, "shipments")[0]
    assert shipment["delivered_at"] < shipment["shipped_at"]
    assert report.written["customers"] == 2
    assert None in {row["supplier_id"] for row in table(out, "suppliers")}
    assert report.noted["orders handed to the carrier before they were placed"] == 1


def test_a_value_that_is_not_typed_keeps_its_text(tmp_path: Path, out: Path) -> None:
    items = [("o1", "1", "p1", "s1", "10.00"), ("o1", "2", "p2", "s1", "ten")]
    order = list(order_row("o1", *DELIVERED))
    order[3] = "31/12/2018"
    reviews = [("r1", "o1", "4.5", "2018-03-07 10:00:00")]
    files = olist_files(
        tmp_path / "olist", order_items=items, orders=[tuple(order)], order_reviews=reviews
    )
    olist.import_olist(files, out)
    assert {row["unit_price"] for row in table(out, "order_lines")} == {"10.00", "ten"}
    assert table(out, "orders")[0]["ordered_at"] == "31/12/2018"
    assert {row["score"] for row in table(out, "ratings")} == {"4.5"}
    assert types_of(out, "order_lines")["quantity"] == "INTEGER"


def test_line_breaks_and_commas_inside_quotes_are_read(tmp_path: Path, out: Path) -> None:
    folder = olist_files(tmp_path / "olist")
    header = ["review_id", "order_id", "review_score", "review_comment_message"]
    write_csv(
        folder / REVIEWS,
        [*header, "review_answer_timestamp"],
        [
            ("r1", "o1", "4", 'good,\nand "fast"\r\n', "2018-03-07 10:00:00"),
            ("r2", "o1", "2", "", "2018-03-08 10:00:00"),
        ],
    )
    olist.import_olist(folder, out)
    assert [row["score"] for row in table(out, "ratings")] == [4, 2]


def test_olist_with_headers_alone_writes_empty_tables(tmp_path: Path, out: Path) -> None:
    nothing = {name: [] for name in olist.FILES}
    report = olist.import_olist(olist_files(tmp_path / "olist", **nothing), out)
    assert set(report.written.values()) == {0}
    assert list(types_of(out, "orders")) == list(contract_columns("orders"))


# --------------------------------------------------------------------------------- what is said


def test_a_missing_file_is_named(tmp_path: Path, out: Path) -> None:
    folder = olist_files(tmp_path / "olist")
    (folder / REVIEWS).unlink()
    with pytest.raises(RefurbError, match=f"{REVIEWS} is missing in .*olist.*--from"):
        olist.import_olist(folder, out)
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("order_id;customer_id\n1;2\n", "not separated by commas"),
        ("order_id,customer_id\n1,2\n", "column 'order_status' is missing; the file has order_id"),
        ("", "column 'order_id' is missing; the file has none"),
        (",".join([*HEADERS[ORDERS], "order_id"]) + "\n", "'order_id' stands twice"),
        (",".join(HEADERS[ORDERS]) + "\n1,2\n", "cannot be read"),
        (",".join(HEADERS[ORDERS]) + '\n"1,2\n', "cannot be read"),
        (",".join(HEADERS[ORDERS]) + '\n1,2,3,4,5,6,7,"8', "cannot be read"),
    ],
)
def test_an_unreadable_file_is_named_with_a_remedy(
    tmp_path: Path, out: Path, content: str, message: str
) -> None:
    folder = olist_files(tmp_path / "olist")
    (folder / ORDERS).write_text(content, encoding="utf-8")
    with pytest.raises(RefurbError, match=message) as error:
        olist.import_olist(folder, out)
    assert ORDERS in str(error.value)


def test_text_that_is_not_utf_8_is_named(tmp_path: Path, out: Path) -> None:
    folder = olist_files(tmp_path / "olist")
    row = ("account-o1", "person-1", "são paulo")
    name = "olist_customers_dataset.csv"
    write_csv(folder / name, HEADERS[name], [row], encoding="latin-1")
    with pytest.raises(RefurbError, match="Save the file as UTF-8"):
        olist.import_olist(folder, out)


# ------------------------------------------------------------------------------ the output folder


def test_an_import_replaces_an_earlier_one_and_gives_the_same_files(
    tmp_path: Path, out: Path
) -> None:
    folder = olist_files(tmp_path / "olist")
    olist.import_olist(folder, out)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    olist.import_olist(folder, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["olist", "raw"]


def test_a_failure_leaves_the_last_good_folder(tmp_path: Path, out: Path) -> None:
    folder = olist_files(tmp_path / "olist")
    olist.import_olist(folder, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (folder / TRANSLATION).write_text("nothing\n", encoding="utf-8")
    with pytest.raises(RefurbError):
        olist.import_olist(folder, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["olist", "raw"]


@pytest.mark.parametrize("name", ["notes.txt", "orders.csv", "orders.parquet", "claims.parquet"])
def test_a_folder_with_foreign_files_is_not_replaced(tmp_path: Path, out: Path, name: str) -> None:
    folder = olist_files(tmp_path / "olist")
    olist.import_olist(folder, out)
    foreign = out / name
    foreign.unlink(missing_ok=True)
    if foreign.suffix == ".parquet":
        with duckdb.connect() as connection:
            connection.execute("copy (select 1 as x) to $p (format parquet)", {"p": str(foreign)})
    else:
        foreign.write_text("mine", encoding="utf-8")
    with pytest.raises(RefurbError, match=f"no earlier import wrote .*{name}"):
        olist.import_olist(folder, out)
    assert foreign.exists()


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path, out: Path) -> None:
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(RefurbError, match="is a file"):
        olist.import_olist(olist_files(tmp_path / "olist"), out)


def test_the_report_is_kept_beside_the_tables(tmp_path: Path, out: Path) -> None:
    report = olist.import_olist(olist_files(tmp_path / "olist"), out)
    assert (out / "import_report.txt").read_text(encoding="utf-8") == report.text()


# -------------------------------------------------------------------------------- Online Retail


def sale(invoice: str, code: str, quantity: object, **other: object) -> tuple:
    """A row of the source; customer 17850, one pound and the first of June unless told."""
    values = {
        "description": f"thing {code}",
        "at": "2010-06-01 09:00:00",
        "price": 1.0,
        "customer": "17850.0",
        "country": "United Kingdom",
    } | other
    return (
        invoice,
        code,
        values["description"],
        quantity,
        values["at"],
        values["price"],
        values["customer"],
        values["country"],
    )


def imported(tmp_path: Path, out: Path, rows: list[tuple]) -> online_retail.Report:
    """Import the rows from a CSV file."""
    source = tmp_path / "invoices.csv"
    write_csv(source, list(online_retail.COLUMNS), rows)
    return online_retail.import_online_retail(source, out)


def returned_from(out: Path) -> list[tuple]:
    """Line and unit of every return."""
    return sorted((row["order_line_id"], row["unit_number"]) for row in table(out, "return_lines"))


def test_online_retail_small_set_fills_the_contract(tmp_path: Path, out: Path) -> None:
    rows = [sale("500001", "22087", 2), sale("C500002", "22087", -1, at="2010-06-03 10:00:00")]
    report = imported(tmp_path, out, rows)
    assert report.written == dict.fromkeys(online_retail.TABLES, 1)
    assert table(out, "suppliers")[0]["supplier_type"] == "wholesaler"
    product = table(out, "products")[0]
    assert (product["product_id"], product["model"]) == ("22087", "thing 22087")
    assert (product["category"], product["brand"]) == (None, None)
    order = table(out, "orders")[0]
    assert order["ordered_at"] == datetime(2010, 6, 1, 8, 0)
    assert (order["customer_id"], order["country_code"]) == ("17850", "GB")
    line = table(out, "order_lines")[0]
    assert (line["order_line_id"], line["state"]) == ("500001-22087-1", "shipped")
    returned = table(out, "return_lines")[0]
    assert returned["return_line_id"] == "C500002-22087-1-u1"
    assert (returned["reason_code"], returned["outcome"]) == (25, "refunded")
    moments = {
        returned[name] for name in ("requested_at", "received_at", "decided_at", "closed_at")
    }
    assert moments == {datetime(2010, 6, 3, 9, 0)}
    refund = table(out, "refunds")[0]
    assert refund["return_line_id"] == returned["return_line_id"]
    assert (refund["amount"], refund["currency_code"]) == (Decimal(1), "GBP")


def test_parquet_and_csv_give_the_same_tables(tmp_path: Path, out: Path) -> None:
    rows = [sale("500001", "22087", 2, price=2.55), sale("C500002", "22087", -2, price=2.55)]
    imported(tmp_path, out, rows)
    parquet = tmp_path / "invoices.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            'copy (select * replace ("Quantity"::bigint as "Quantity", "Price"::double as '
            '"Price", "Customer ID"::double as "Customer ID") from read_csv($csv, '
            "all_varchar = true)) to $parquet (format parquet)",
            {"csv": str(tmp_path / "invoices.csv"), "parquet": str(parquet)},
        )
    other = tmp_path / "raw_of_parquet"
    online_retail.import_online_retail(parquet, other)
    for name in online_retail.TABLES:
        assert table(out, name) == table(other, name)


def test_returns_take_the_latest_purchase_first_and_walk_back(tmp_path: Path, out: Path) -> None:
    report = imported(
        tmp_path,
        out,
        [
            sale("500001", "22087", 3, at="2010-06-01 09:00:00"),
            sale("500002", "22087", 2, at="2010-06-02 09:00:00", price=0.9),
            sale("C500003", "22087", -1, at="2010-06-03 09:00:00"),
            sale("C500004", "22087", -3, at="2010-06-04 09:00:00"),
            sale("500005", "22087", 9, at="2010-06-05 09:00:00"),
        ],
    )
    assert returned_from(out) == [
        ("500001-22087-1", 1),
        ("500001-22087-1", 2),
        ("500002-22087-1", 1),
        ("500002-22087-1", 2),
    ]
    refunds = by_key(out, "refunds", "refund_id")
    assert {key: row["amount"] for key, row in refunds.items()} == {
        "C500003-22087-1-for-500002-22087-1": Decimal(1),
        "C500004-22087-1-for-500002-22087-1": Decimal(1),
        "C500004-22087-1-for-500001-22087-1": Decimal(2),
    }
    assert refunds["C500004-22087-1-for-500001-22087-1"]["return_line_id"] == "C500004-22087-1-u2"
    assert report.noted["returns that match purchases with all units"] == 2


def test_units_without_a_purchase_are_one_row_that_names_their_invoice(
    tmp_path: Path, out: Path
) -> None:
    report = imported(
        tmp_path,
        out,
        [
            sale("500001", "22087", 2, at="2010-06-01 09:00:00"),
            sale("C500002", "22087", -500, at="2010-06-02 09:00:00"),
            sale("C500003", "21871", -9360, at="2010-06-02 09:00:00"),
        ],
    )
    assert returned_from(out) == [
        ("500001-22087-1", 1),
        ("500001-22087-1", 2),
        ("unmatched-C500002-22087", 1),
        ("unmatched-C500003-21871", 1),
    ]
    assert len(by_key(out, "return_lines", "return_line_id")) == 4
    assert [row["amount"] for row in table(out, "refunds")] == [Decimal(2)]
    assert report.noted["returned units that match none"] == 498 + 9360


@pytest.mark.parametrize(
    "purchase",
    [
        sale("500001", "22087", 5, at="2010-07-01 09:00:00"),
        sale("500001", "22087", 5, customer="99999"),
        sale("500001", "22088", 5),
        sale("500001", "22087", 5, price=0),
        sale("500001", "22087", "1.5"),
    ],
    ids=["later", "other customer", "other product", "free", "half a unit"],
)
def test_a_return_is_not_matched_to_what_it_cannot_come_from(
    tmp_path: Path, out: Path, purchase: tuple
) -> None:
    imported(tmp_path, out, [purchase, sale("C500002", "22087", -1, at="2010-06-03 09:00:00")])
    assert returned_from(out) == [("unmatched-C500002-22087", 1)]


def test_returns_without_a_customer_are_not_matched(tmp_path: Path, out: Path) -> None:
    rows = [sale("500001", "22087", 5, customer=None), sale("C500002", "22087", -1, customer=None)]
    report = imported(tmp_path, out, rows)
    assert returned_from(out) == [("unmatched-C500002-22087", 1)]
    assert table(out, "orders")[0]["customer_id"] is None
    assert report.written["customers"] == 0
    assert report.noted["orders without a customer"] == 1


def test_a_purchase_at_the_moment_of_the_return_counts(tmp_path: Path, out: Path) -> None:
    imported(tmp_path, out, [sale("500001", "22087", 1), sale("C500002", "22087", -1)])
    assert returned_from(out) == [("500001-22087-1", 1)]


def test_copies_of_a_row_share_their_id_and_other_repeats_do_not(tmp_path: Path, out: Path) -> None:
    report = imported(
        tmp_path,
        out,
        [
            sale("500001", "22087", 2),
            sale("500001", "22087", 2),
            sale("500001", "22087", 3),
            sale("C500002", "22087", -2, at="2010-06-03 09:00:00"),
            sale("C500002", "22087", -2, at="2010-06-03 09:00:00"),
        ],
    )
    lines = [(row["order_line_id"], row["quantity"]) for row in table(out, "order_lines")]
    assert lines == [("500001-22087-1", 2), ("500001-22087-1", 2), ("500001-22087-2", 3)]
    assert len(table(out, "return_lines")) == 4
    assert len(by_key(out, "return_lines", "return_line_id")) == 2
    assert len(table(out, "refunds")) == 2
    assert len(by_key(out, "refunds", "refund_id")) == 1
    assert report.noted["copies of sales: passed on, staging rejects them as duplicates"] == 1


def test_what_is_neither_order_nor_return_is_counted(tmp_path: Path, out: Path) -> None:
    report = imported(
        tmp_path,
        out,
        [
            sale("500001", "22087", 1),
            sale("500002", "POST", 1),
            sale("500002", "gift_0001_20", 1),
            sale("500003", "22087", -40, price=0, customer=None),
            sale("500004", "DCGS0058", -3, price=0, customer=None),
            sale("C500005", "M", -1),
            sale("A500006", "B", 1, price=-900),
        ],
    )
    assert report.left_out == {
        "rows with a negative quantity on a normal invoice: written off": 2,
        "rows of pseudo-products on normal invoices": 2,
        "rows of pseudo-products on C invoices": 1,
        "rows of A invoices: bad debt": 1,
    }
    assert "GIFT_0001_20 1, M 1, POST 1" in report.text()
    assert [row["order_id"] for row in table(out, "orders")] == ["500001"]
    assert report.written["return_lines"] == 0


def test_a_c_row_with_a_positive_quantity_is_passed_on_to_be_rejected(
    tmp_path: Path, out: Path
) -> None:
    report = imported(tmp_path, out, [sale("500001", "22087", 1), sale("C496350", "M", 1)])
    assert returned_from(out) == [("positive-C496350-M", 1)]
    assert report.written["refunds"] == 0


def test_sales_without_a_price_and_broken_numbers_are_passed_on(tmp_path: Path, out: Path) -> None:
    rows = [sale("500001", "22087", 1, price=0), sale("500001", "22088", "many")]
    imported(tmp_path, out, rows)
    lines = by_key(out, "order_lines", "order_line_id")
    assert lines["500001-22087-1"]["unit_price"] == 0
    assert lines["500001-22088-1"]["quantity"] == "many"


def test_stock_codes_are_one_product_whatever_their_case(tmp_path: Path, out: Path) -> None:
    rows = [
        sale("500001", "85123a", 1, description="WHITE HEART "),
        sale("500002", "85123A ", 1, description="WHITE HEART"),
        sale("500003", "85123A", 1, description="found", price=0),
        sale("500004", "85123A", 1, description="found", price=0, customer=None),
        sale("500005", "85123A", 1, description="found", price=0, customer="1"),
        sale("C500006", "85123a", -2, at="2010-06-03 09:00:00"),
    ]
    imported(tmp_path, out, rows)
    assert [(row["product_id"], row["model"]) for row in table(out, "products")] == [
        ("85123A", "WHITE HEART")
    ]
    assert {line for line, _ in returned_from(out)} == {"500001-85123A-1", "500002-85123A-1"}


def test_countries_get_codes_where_they_are_one_country(tmp_path: Path, out: Path) -> None:
    names = {"EIRE": "IE", "RSA": "ZA", "Channel Islands": None, "Unspecified": None}
    rows = [sale(f"50000{n}", "22087", 1, country=name) for n, name in enumerate(names)]
    report = imported(tmp_path, out, rows)
    assert [row["country_code"] for row in table(out, "orders")] == list(names.values())
    assert report.noted["orders without a country code"] == 2


def test_an_invoice_with_two_customers_is_passed_on_as_a_conflict(
    tmp_path: Path, out: Path
) -> None:
    imported(tmp_path, out, [sale("500001", "22087", 1), sale("500001", "22088", 1, customer="9")])
    orders = [(row["order_id"], row["customer_id"]) for row in table(out, "orders")]
    assert orders == [("500001", "17850"), ("500001", "9")]


def test_online_retail_says_what_it_cannot_read(tmp_path: Path, out: Path) -> None:
    (tmp_path / "data.xlsx").write_bytes(b"PK")
    with pytest.raises(RefurbError, match=r"only .parquet and .csv"):
        online_retail.import_online_retail(tmp_path / "data.xlsx", out)
    with pytest.raises(RefurbError, match=r"nowhere.csv is missing"):
        online_retail.import_online_retail(tmp_path / "nowhere.csv", out)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 but no more")
    with pytest.raises(RefurbError, match=r"broken.parquet: cannot be read"):
        online_retail.import_online_retail(tmp_path / "broken.parquet", out)
    with pytest.raises(RefurbError, match=r"'InvoiceDate' holds no time .*12/1/2010"):
        imported(tmp_path, out, [sale("500001", "22087", 1, at="12/1/2010 8:26")])
    assert not out.exists()


def naive_matches(events: list[Event]) -> list[tuple[str, str]]:
    """The rule of the matching, unit by unit, by looking at every purchase each time."""
    left = {event.line_id: event.units for event in events if not event.is_return}
    found = []
    for event in sorted(event for event in events if event.is_return):
        for _ in range(event.units):
            earlier = [
                purchase
                for purchase in events
                if not purchase.is_return
                and left[purchase.line_id]
                and purchase[:2] == event[:2]
                and purchase.happened_at <= event.happened_at
            ]
            if earlier:
                latest = max(earlier, key=lambda purchase: (purchase.happened_at, purchase.line_id))
                left[latest.line_id] -= 1
                found.append((event.line_id, latest.line_id))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_matching_agrees_with_a_walk_unit_by_unit(seed: int) -> None:
    chance = random.Random(seed)
    events = [
        Event(
            customer_id=chance.choice("ab"),
            product_code=chance.choice("xy"),
            happened_at=f"2010-06-{chance.randint(1, 9):02}",
            is_return=chance.random() < 0.4,
            line_id=f"line-{number:02}",
            units=chance.randint(1, 5),
        )
        for number in range(30)
    ]
    matches = match_returns(events)
    units = [
        (match.return_id, match.order_line_id) for match in matches for _ in range(match.units)
    ]
    assert units == naive_matches(events)
    taken = [
        (match.order_line_id, match.first_unit_of_line + step)
        for match in matches
        for step in range(match.units)
    ]
    assert len(taken) == len(set(taken))


# --------------------------------------------------------------------------------- the contract


@pytest.mark.parametrize("name", sorted({*olist.TABLES, *online_retail.TABLES, "open_repairs"}))
def test_types_by_column_name_are_those_of_the_contract(name: str) -> None:
    columns = contract_columns(name)
    assert {column: contract_type(column) for column in columns} == columns


@pytest.mark.parametrize("importer", [olist, online_retail])
def test_tables_have_the_columns_of_the_contract_in_order(
    tmp_path: Path, out: Path, importer: object
) -> None:
    if importer is olist:
        olist.import_olist(olist_files(tmp_path / "olist"), out)
    else:
        imported(tmp_path, out, [sale("500001", "22087", 1), sale("C500002", "22087", -1)])
    for name in importer.TABLES:
        expected = {
            column: data_type.upper().replace(", ", ",")
            for column, data_type in contract_columns(name).items()
        }
        assert list(types_of(out, name).items()) == list(expected.items())


# ------------------------------------------------------------------------------- the real data


def test_real_olist(olist_folder: Path, out: Path) -> None:
    report = olist.import_olist(olist_folder, out)
    assert report.written == {
        "suppliers": 3095,
        "products": 32951,
        "product_lists": 9503,
        "users": 14904,
        "customers": 15000,
        "orders": 15000,
        "order_lines": 15429,
        "payments": 15733,
        "shipments": 15264,
        "ratings": 15377,
    }
    assert sum(row["quantity"] for row in table(out, "order_lines")) == 17071
    assert len(by_key(out, "ratings", "rating_id")) == 15377
    for name in olist.TABLES:
        written = {column.lower(): kind.lower() for column, kind in types_of(out, name).items()}
        assert written == {
            column: kind.replace(", ", ",") for column, kind in contract_columns(name).items()
        }


def test_real_online_retail(online_retail_file: Path, out: Path) -> None:
    report = online_retail.import_online_retail(online_retail_file, out)
    assert report.written["order_lines"] == 510681
    assert report.written["orders"] == 21700
    c_rows = 10206
    kept = c_rows - report.left_out["rows of pseudo-products on C invoices"]
    assert kept == 9558 + 23 + 1
    assert sum(report.left_out.values()) + report.written["order_lines"] + kept == 525461

    noted = report.noted
    assert noted["returns (distinct rows of C invoices)"] == 9558
    assert noted["returns that match purchases with all units"] == 7866
    assert noted["returns that match purchases with some of their units"] == 81
    assert noted["returns that match no purchase, customer known"] == 1425
    assert noted["returns that match no purchase, customer unknown"] == 186
    with duckdb.connect() as connection:
        taken, distinct, beyond = connection.execute(
            """
            with returned as (
                select distinct return_lines.return_line_id, order_line_id, unit_number, quantity
                from read_parquet($returns) as return_lines
                inner join (select distinct * from read_parquet($lines)) using (order_line_id)
            )
            select
                count(*),
                count(distinct (order_line_id, unit_number)),
                count(*) filter (where unit_number not between 1 and quantity)
            from returned
            """,
            {
                "returns": str(out / "return_lines.parquet"),
                "lines": str(out / "order_lines.parquet"),
            },
        ).fetchall()[0]
    assert (taken, distinct, beyond) == (197350, 197350, 0)
