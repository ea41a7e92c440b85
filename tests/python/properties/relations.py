"""Changes of an extract of which it is known what they do to the marts.

Where the oracle says what is right, these say what must not matter. Each is a function of the
extract alone, so that tests can share what was built of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Any

from extracts import SHIPPED, Row, Tables, text
from marts import Mart, Marts, is_additive, same

# Each row of these is an event; the others describe what events refer to.
EVENTS = (
    *("orders", "order_lines", "shipments", "return_lines", "defects", "repairs", "ratings"),
    "refunds",
)
# People do not split, double or move from month to month with the events that they are counted by.
OF_PEOPLE = ("mart_refusal_outcomes", "mart_refusal_comparison")
# What is judged by how many units there are, by the other suppliers or by its rank among them:
# twice as many units are surer, and another supplier changes what is expected.
OF_SAMPLES = (
    *("mart_hypothesis_", "mart_supplier_mix_adjusted", "mart_supplier_funnel"),
    "mart_supplier_shrunk_rates",
    *("mart_supplier_trend", "mart_supplier_scorecard", "mart_supplier_concentration"),
    *("mart_return_development", "mart_cohort_completion"),
    *("mart_service_exits", "mart_service_survival", "mart_reliability_curve"),
    *("mart_grade_return_rate", "mart_grade_drift", "mart_alert", "mart_correction_impact"),
    *("mart_refurbisher_condition_returns", "mart_refurbisher_components"),
    *("mart_refurbisher_confidence", "mart_refurbisher_board", "mart_refurbisher_categories"),
    *("mart_refurbisher_periods", "mart_refurbisher_months", "mart_refurbisher_motives"),
)
# Counts of what is followed up for days, or has a price of its day.
BY_DAY = ("followed_up", "repeat_", "again_defective_followed_up", "priced_", "unpriced_")
BY_DAY += ("dearer_", "unknown_amounts")
# Words that the contract reads in any case.
WORDS = {"state", "leg", "decision", "outcome", "attribution", "defect_type", "category"}


def with_cells(tables: Tables, change: Callable[[str, str], str]) -> Tables:
    """The extract with every cell that is not empty changed; the change sees column and cell."""
    return {
        table: [
            {column: cell and change(column, cell) for column, cell in row.items()} for row in rows
        ]
        for table, rows in tables.items()
    }


def shuffled(tables: Tables) -> Tables:
    """The rows of every table in another order."""
    chance = Random(0)
    return {table: chance.sample(rows, len(rows)) for table, rows in tables.items()}


def new_name(identifier: str) -> str:
    """Another identifier: it sorts the other way round, is hard to quote, and things of other kinds
    have it too, as where every table counts from 1.
    """
    return f"@{9999 - int(identifier[1:])}';\""


def renamed(tables: Tables) -> Tables:
    """The extract under other identifiers."""
    return with_cells(
        tables, lambda column, cell: new_name(cell) if column.endswith("_id") else cell
    )


def renamed_keys(marts: Marts, keys: Mapping[str, tuple[str, ...]]) -> Marts:
    """The marts under these identifiers."""
    return {
        name: {
            tuple(
                new_name(value) if column.endswith("_id") else value
                for column, value in zip(keys[name], key, strict=True)
            ): row
            for key, row in rows.items()
        }
        for name, rows in marts.items()
    }


def without_samples(marts: Marts) -> Marts:
    """The marts without those that judge a sample."""
    return {name: rows for name, rows in marts.items() if not name.startswith(OF_SAMPLES)}


def spelled_otherwise(tables: Tables) -> Tables:
    """Padded cells, words and codes in other cases, times with an offset."""
    summer_time = timezone(timedelta(hours=2))

    def spelled(column: str, cell: str) -> str:
        if column in WORDS:
            return f" {cell.upper()}"
        if column == "currency_code":
            return cell.lower()
        if column.endswith(("_at", "_from", "_to")):
            moment = datetime.fromisoformat(cell).replace(tzinfo=UTC)
            return moment.astimezone(summer_time).isoformat(sep=" ")
        return f"  {cell} "

    return with_cells(tables, spelled)


def with_unrelated_supplier(tables: Tables) -> Tables:
    """One more supplier, who sells a product of a category of their own; all of it goes wrong."""
    # at a moment that is known already, so that the as-of date stays
    at = max((row["ordered_at"] for row in tables["orders"]), default="2020-05-01 10:00:00")
    added: dict[str, Row] = {
        "suppliers": {"supplier_id": "S9", "supplier_name": "another"},
        "products": {"product_id": "P9", "category": "another"},
        "product_lists": {
            "product_list_id": "O9",
            "product_id": "P9",
            "supplier_id": "S9",
            "valid_from": "2016-01-01 00:00:00",
            "valid_to": None,
        },
        "orders": {
            "order_id": "B99",
            "customer_id": None,
            "ordered_at": at,
            "currency_code": "EUR",
        },
        "order_lines": {
            "order_line_id": "L99",
            "order_id": "B99",
            "product_list_id": "O9",
            "quantity": "1",
            "unit_price": "1000",
            "state": "shipped",
        },
        "shipments": {
            "shipment_id": "H99",
            "order_line_id": "L99",
            "leg": "outbound",
            "delivered_at": at,
        },
        "return_lines": {
            "return_line_id": "R99",
            "order_line_id": "L99",
            "unit_number": "1",
            "reason_code": "21",
            "requested_at": at,
            "decision": "accepted",
            "outcome": "repaired",
        },
        "defects": {
            "defect_id": "D99",
            "return_line_id": "R99",
            "defect_type": "battery",
            "is_confirmed": "true",
            "attribution": "supplier",
        },
        "repairs": {
            "repair_id": "F99",
            "return_line_id": "R99",
            "sent_to_service_at": at,
            "returned_to_customer_at": None,
            "currency_code": None,
        },
        "ratings": {
            "rating_id": "N99",
            "order_line_id": "L99",
            "customer_id": None,
            "score": "1",
            "rated_at": at,
        },
    }
    return {
        table: [*rows, added[table]] if table in added else rows for table, rows in tables.items()
    }


def without_unrelated_supplier(marts: Marts, keys: Mapping[str, tuple[str, ...]]) -> Marts:
    """The marts that tell suppliers, products or categories apart, without those."""
    return {
        name: {
            key: row
            for key, row in rows.items()
            if not {"S9", "P9", "another"} & set(map(str, key))
        }
        for name, rows in marts.items()
        if {"supplier_id", "product_id", "category"} & set(keys[name])
    }


def split_lines(tables: Tables) -> Tables:
    """Each line of several units as two lines: the first unit, and the others.

    A rated line stays whole, for a rating would have to go to one of the two.
    """
    rated = {row["order_line_id"] for row in tables.get("ratings", ())}
    split = {
        row["order_line_id"]
        for row in tables["order_lines"]
        if int(row["quantity"]) > 1 and row["order_line_id"] not in rated
    }

    def halves(table: str, row: Row) -> list[Row]:
        if row.get("order_line_id") not in split:
            return [row]
        other = f"{row['order_line_id']}-others"
        if table == "order_lines":
            others = str(int(row["quantity"]) - 1)
            return [{**row, "quantity": "1"}, {**row, "order_line_id": other, "quantity": others}]
        if table == "shipments":
            other_id = f"{row['shipment_id']}-others"
            return [row, {**row, "shipment_id": other_id, "order_line_id": other}]
        if table == "return_lines" and row["unit_number"] != "1":
            number = str(int(row["unit_number"]) - 1)
            return [{**row, "order_line_id": other, "unit_number": number}]
        return [row]

    return {
        table: [half for row in rows for half in halves(table, row)]
        for table, rows in tables.items()
    }


def without_counts_of_lines(marts: Marts) -> Marts:
    """The marts without what counts order lines, of which a split makes more."""
    counted = {"delivered_lines", "response_rate", "unidentified_events"}
    # each half of a line has its parcel, its refund and its dispute
    of_lines = {"mart_transit_times", "mart_transit_quality", "mart_supplier_delivery"}
    of_lines |= {"mart_marketplace_health"}
    return {
        name: {
            key: {column: value for column, value in row.items() if column not in counted}
            for key, row in rows.items()
        }
        for name, rows in marts.items()
        if name not in of_lines
    }


def doubled(tables: Tables) -> Tables:
    """Every event a second time, under identifiers of its own, of the same offers and customers."""
    own = {"order_id", "order_line_id", "shipment_id", "return_line_id", "defect_id", "repair_id"}
    own |= {"rating_id", "refund_id"}

    def copied(row: Row) -> Row:
        return {
            column: f"{cell}-again" if cell and column in own else cell
            for column, cell in row.items()
        }

    return {
        table: [*rows, *map(copied, rows)] if table in EVENTS else rows
        for table, rows in tables.items()
    }


def not_doubled(twice: Mart, once: Mart) -> Iterator[str]:
    """What is not as it should be when everything happened twice."""
    if set(twice) != set(once):
        yield f"rows {sorted(set(twice) ^ set(once), key=repr)}"
    for key in set(twice) & set(once):
        for column, value in once[key].items():
            found = twice[key][column]
            if value is None or isinstance(value, bool | date):
                is_right = found == value
            elif is_additive(column, value):
                is_right = same(found, 2 * value)
            elif column.endswith("_low"):
                is_right = found >= value - 1e-9
            elif column.endswith("_high"):
                is_right = found <= value + 1e-9
            else:
                # a percentile other than the median moves when each value is there twice
                is_right = column.startswith("p90_") or same(found, value)
            if not is_right:
                yield f"{key}: {column} was {value} and is {found}"


def shifted(tables: Tables, weeks: int) -> Tables:
    """Everything so many weeks later."""

    def later(column: str, cell: str) -> str:
        if column.endswith(("_at", "_from", "_to")):
            return text(datetime.fromisoformat(cell) + timedelta(weeks=weeks))
        if column == "rate_date":
            return str(date.fromisoformat(cell) + timedelta(weeks=weeks))
        return cell

    return with_cells(tables, later)


BY_DAY = (
    *("followed_up", "repeat", "watched", "given_up", "in_warranty", "legal_withdrawal"),
    "refused_legal_withdrawal",
)


# Units of order months that are mature, beside parcels of all: months begin on other days.
OF_MATURE_MONTHS = {
    "mart_transit_quality": {"ordered_units", "returned_units", "transit_damaged_units"},
}


def totals(name: str, mart: Mart, keys: tuple[str, ...]) -> dict[tuple, dict[str, Any]]:
    """Sums over the months of what adds up.

    Summer time does not shift: near midnight an event comes to lie on another day, and with it
    what is counted in whole days, ages and follow-up, and the day of an exchange rate. Months of a
    warranty are not equally long.
    """
    added: dict[tuple, dict[str, Any]] = {}
    for key, row in mart.items():
        pairs = zip(keys, key, strict=True)
        group = tuple(
            value
            for column, value in pairs
            if not column.endswith(("_month", "_quarter")) and column != "age_band"
        )
        sums = added.setdefault(group, {})
        for column, value in row.items():
            is_by_day = column.startswith(BY_DAY) or column.endswith(
                ("_eur", "_in_warranty_requests")
            )
            is_by_day = is_by_day or column in OF_MATURE_MONTHS.get(name, ())
            if value is not None and is_additive(column, value) and not is_by_day:
                sums[column] = sums.get(column, 0) + value
        sums.pop("costed_repairs", None)
    return added


def first(rows: list[Row], **cells: str) -> Row | None:
    """The first row that has these cells."""
    return next((row for row in rows if cells.items() <= row.items()), None)


def reject_only_rows(tables: Tables) -> Iterator[tuple[str, Row]]:
    """Rows that the gate must refuse, every kind that the extract has room for.

    They lie on the side of harm: let in, each would add to a numerator or move the as-of date.
    """
    yield "suppliers", {"supplier_id": "S77"}
    yield "products", {"product_id": None, "category": "phone"}
    order = {"order_id": "B77", "ordered_at": "2020-06-01 10:00:00", "currency_code": "EUR"}
    yield "orders", order | {"ordered_at": "01/06/2020 10:00"}
    yield "orders", order | {"order_id": "B78", "ordered_at": "2099-06-01 10:00:00"}
    yield "orders", order | {"order_id": "B79", "currency_code": "euro"}
    if tables["orders"]:
        yield "orders", dict(tables["orders"][-1])
        known_order = tables["orders"][0]
        line = {"order_id": known_order["order_id"], "product_list_id": "O1", "quantity": "1"}
        line |= {"unit_price": "100", "state": "shipped"}
        for number, fault in enumerate(
            (
                *({"quantity": "0"}, {"quantity": "1.5"}, {"unit_price": "12,50"}),
                *({"state": "sold"}, {"order_id": "B78"}, {"product_list_id": "nobody's"}),
                *({"unit_price": "-1"}, {"quantity": None}),
            )
        ):
            yield "order_lines", line | {"order_line_id": f"L7{number}"} | fault
    sold = next((row for row in tables["order_lines"] if row["state"] in SHIPPED), None)
    unsold = next((row for row in tables["order_lines"] if row["state"] not in SHIPPED), None)
    if sold:
        yield from rejects_of_line(tables, sold)
    if unsold and "return_lines" in tables:
        yield "return_lines", a_return("R70", unsold, ordered_at(tables, unsold))
    if unsold and "shipments" in tables:
        parcel = {"shipment_id": "H70", "order_line_id": unsold["order_line_id"]}
        yield "shipments", parcel | {"leg": "outbound", "delivered_at": "2021-01-01 00:00:00"}
    for table in ("ratings", "return_lines", "repairs", "defects", "shipments", "order_lines"):
        if tables.get(table):
            yield table, dict(tables[table][0])
    yield from rejects_of_return(tables)


def ordered_at(tables: Tables, line: Row) -> str:
    """When a line was ordered."""
    return first(tables["orders"], order_id=line["order_id"])["ordered_at"]


def a_return(return_id: str, line: Row, at: str) -> Row:
    """A sound return of the first unit of a line."""
    return {
        "return_line_id": return_id,
        "order_line_id": line["order_line_id"],
        "unit_number": "1",
        "reason_code": "21",
        "requested_at": at,
        "decision": "accepted",
        "outcome": "pending",
    }


def rejects_of_line(tables: Tables, line: Row) -> Iterator[tuple[str, Row]]:
    """Returns, parcels and ratings of a line that was sold, each with one fault."""
    at = ordered_at(tables, line)
    before = text(datetime.fromisoformat(at) - timedelta(seconds=1))
    if "return_lines" in tables:
        for number, fault in enumerate(
            (
                *({"unit_number": str(int(line["quantity"]) + 1)}, {"unit_number": "0"}),
                *({"reason_code": "99"}, {"requested_at": before}, {"requested_at": None}),
                *({"decision": "perhaps"}, {"order_line_id": "nobody's"}),
                {"decision": "refused", "outcome": "repaired"},
                {"received_at": before},
            )
        ):
            yield "return_lines", a_return(f"R8{number}", line, at) | fault
    if "ratings" in tables:
        rating = {"order_line_id": line["order_line_id"], "score": "5", "rated_at": at}
        for number, fault in enumerate(
            ({"score": "6"}, {"score": "0"}, {"rated_at": before}, {"order_line_id": "nobody's"})
        ):
            yield "ratings", rating | {"rating_id": f"N7{number}"} | fault
    if "shipments" in tables:
        parcel = {"order_line_id": line["order_line_id"], "leg": "outbound", "delivered_at": at}
        for number, fault in enumerate(
            ({"shipped_at": "2021-01-01"}, {"order_line_id": None}, {"leg": "back"})
        ):
            yield "shipments", parcel | {"shipment_id": f"H8{number}"} | fault


def rejects_of_return(tables: Tables) -> Iterator[tuple[str, Row]]:
    """Diagnoses and repairs that refer to no return, or to a refused one, or are broken."""
    if "return_lines" not in tables:
        return
    refused = first(tables["return_lines"], decision="refused")
    accepted = first(tables["return_lines"], decision="accepted")
    if "defects" in tables:
        defect = {"defect_type": "battery", "is_confirmed": "true", "attribution": "supplier"}
        yield "defects", defect | {"defect_id": "D70", "return_line_id": "R80"}
        if accepted:
            known = defect | {"return_line_id": accepted["return_line_id"]}
            yield "defects", known | {"defect_id": "D71", "is_confirmed": "1"}
            yield "defects", known | {"defect_id": "D72", "attribution": "nobody"}
    if "repairs" in tables:
        repair = {"sent_to_service_at": "2024-01-01 00:00:00", "currency_code": "EUR"}
        yield "repairs", repair | {"repair_id": "F70", "return_line_id": "R80"}
        if refused:
            again = {"repair_id": "F71", "return_line_id": refused["return_line_id"]}
            yield "repairs", repair | again
        if accepted:
            known = repair | {"return_line_id": accepted["return_line_id"]}
            early = {"returned_to_customer_at": "2023-12-31 23:59:59"}
            yield "repairs", known | {"repair_id": "F72"} | early
            yield "repairs", known | {"repair_id": "F73", "parts_cost": "-1"}
            yield "repairs", known | {"repair_id": "F74", "sent_to_service_at": "2016-01-01"}


def with_rows(tables: Tables, added: list[tuple[str, Row]]) -> Tables:
    """The extract with further rows, before and after its own."""
    chance, widened = Random(0), {table: list(rows) for table, rows in tables.items()}
    for table, row in added:
        widened[table].insert(chance.choice((0, len(widened[table]))), row)
    return widened
