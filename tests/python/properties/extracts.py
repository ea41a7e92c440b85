"""Small, nasty extracts: sound rows that sit on every edge of the definitions, and spoiled ones.

Rows are text, as in a CSV file. A seed makes a rich extract; which of its rows are left out is
drawn beside it. So extracts differ in everything, where drawing each cell gives variations of a
few, and a counterexample still shrinks to the rows that matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

Row = dict[str, str | None]
Tables = dict[str, list[Row]]
Draw = Callable[[st.SearchStrategy], Any]

LOCAL = ZoneInfo("Europe/Paris")
LONG_AGO = datetime(2016, 1, 1)

# Ends of months, of years and of summer time, where a day in UTC is another one in Paris. So long
# ago that nothing which follows an order lies in the future.
EDGES = [
    datetime(2019, 12, 31, 22, 59, 59),
    datetime(2019, 12, 31, 23, 0, 0),
    datetime(2020, 1, 31, 23, 30, 0),
    datetime(2020, 2, 29, 23, 30, 0),
    datetime(2020, 3, 29, 0, 30, 0),
    datetime(2020, 3, 29, 23, 30, 0),
    datetime(2020, 3, 31, 21, 59, 59),
    datetime(2020, 3, 31, 22, 0, 0),
    datetime(2020, 6, 30, 23, 30, 0),
    datetime(2020, 10, 24, 22, 30, 0),
    datetime(2020, 10, 25, 0, 30, 0),
    datetime(2020, 10, 31, 22, 30, 0),
    datetime(2020, 10, 31, 23, 30, 0),
]
# Whole windows to the second: legal withdrawal, 30 days, a repeat repair, a warranty year.
SPANS = [timedelta(0), timedelta(seconds=1), timedelta(hours=1)] + [
    timedelta(days=days, seconds=seconds) for days in (1, 14, 30, 90, 365) for seconds in (-1, 0, 1)
]

SHORT_SPANS = SPANS[:6]

SHIPPED = ("shipped", "refunded_after_shipping")
STATES = (
    *("shipped", "shipped", "shipped", "shipped", "refunded_after_shipping"),
    *("cancelled", "paid", "refunded_before_shipping", "new", "on_hold", "pending", "accepted"),
    "unpaid",
)
DECIDED = {
    "accepted": ("repaired", "replaced", "refunded", "partially_refunded", "sent_back", "pending"),
    "refused": ("sent_back", "abandoned", "pending"),
    "pending": ("pending", "abandoned"),
}
# What these tables say becomes null when they are absent; the others are mandatory.
OPTIONAL = ("customers", "shipments", "return_lines", "defects", "repairs", "ratings", "refunds")
# Rows that may be left out: each after those that it refers to. The key is the first cell.
DEPENDENTS = (
    *("orders", "order_lines", "return_lines", "shipments", "defects", "repairs", "ratings"),
    "refunds",
)


def text(at: datetime | None) -> str | None:
    """A moment as the contract writes it."""
    return None if at is None else at.isoformat(sep=" ")


def moment_of(cell: str) -> datetime:
    """The moment that a cell says."""
    return datetime.fromisoformat(cell)


def local_midday(at: datetime, days: int) -> datetime:
    """Noon in Paris so many days after the day that it then was in Paris; in UTC."""
    day = at.replace(tzinfo=UTC).astimezone(LOCAL).replace(tzinfo=None, hour=12)
    return (day + timedelta(days=days)).replace(tzinfo=LOCAL).astimezone(UTC).replace(tzinfo=None)


@dataclass
class Draft:
    """An extract in the making."""

    chance: Random
    tables: Tables = field(default_factory=dict)

    def pick(self, *choices: Any) -> Any:
        """One of these; what stands twice is twice as likely."""
        return self.chance.choice(choices)

    def moment(self) -> datetime:
        """An edge, or any full hour of eleven months."""
        some_hour = datetime(2019, 12, 15) + timedelta(hours=self.chance.randint(0, 330 * 24))
        return self.pick(self.pick(*EDGES), some_hour)

    def span(self) -> timedelta:
        """A whole window to the second, or up to two months."""
        return self.pick(self.pick(*SPANS), timedelta(hours=self.chance.randint(0, 60 * 24)))

    def repeat_span(self) -> timedelta:
        """The window of a repeat repair to the second, or half a day beside it."""
        return timedelta(days=90, seconds=self.pick(-1, 0, 1, 43_200, -43_200))

    def short_span(self) -> timedelta:
        """Nothing, a moment, a day, or up to 24 days."""
        some_hours = timedelta(hours=6 * self.chance.randint(0, 96))
        return self.pick(self.pick(*SHORT_SPANS), some_hours)

    def add(self, table: str, **cells: str | None) -> Row:
        """Put a row into a table."""
        self.tables.setdefault(table, []).append(cells)
        return cells

    def next_id(self, prefix: str, table: str) -> str:
        """S1, S2, ..."""
        return f"{prefix}{len(self.tables.get(table, ())) + 1}"

    def catalogue(self) -> None:
        """Suppliers, products, and offers that change hands, prices and products."""
        for number in range(self.chance.randint(1, 4)):
            self.add("suppliers", supplier_id=f"S{number + 1}", supplier_name="a name")
        for number in range(self.chance.randint(1, 4)):
            category = self.pick("phone", "laptop", None)
            self.add("products", product_id=f"P{number + 1}", category=category)
        for number in range(self.chance.randint(1, 5)):
            self.offer(f"O{number + 1}")

    def offer(self, offer_id: str) -> None:
        """One offer: versions that follow one another, leave a gap, or overlap."""
        starts = [LONG_AGO, *sorted({self.moment() for _ in range(self.pick(0, 1, 2))})]
        supplier, product = self.seller(), self.product()
        is_overlapped = False
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            ending = self.pick("closed", "gap", "overlap")
            end = following
            if ending == "gap" and following is not None:
                end = max(start, following - self.short_span())
            elif ending == "gap":
                end = start + self.span()
            elif ending == "overlap":
                end = None
            self.add(
                "product_lists",
                product_list_id=offer_id,
                product_id=product,
                supplier_id=supplier,
                unit_price=self.pick("100", "250.5"),
                currency_code="EUR",
                valid_from=text(start),
                valid_to=text(end),
            )
            # overlapping versions of two suppliers would contradict each other
            is_overlapped = is_overlapped or ending == "overlap"
            if not is_overlapped:
                supplier, product = self.seller(), self.product()

    def seller(self) -> str:
        """A supplier of the catalogue."""
        return self.pick(*self.tables["suppliers"])["supplier_id"]

    def product(self) -> str:
        """A product of the catalogue."""
        return self.pick(*self.tables["products"])["product_id"]

    def offers_at(self, at: datetime) -> list[str]:
        """Offers of which a version is valid."""
        return sorted({row["product_list_id"] for row in valid_versions(self.tables, at)})

    def order(self) -> None:
        """One order with its lines."""
        turning_points = [
            moment_of(row[column])
            for row in self.tables["product_lists"]
            for column in ("valid_from", "valid_to")
            if row[column]
        ]
        at = self.pick(self.moment(), max(EDGES[0], self.pick(*turning_points)))
        order_id = self.next_id("B", "orders")
        customer = self.pick(None, "C1", "C2")
        currency = self.pick("EUR", "EUR", "USD", "SEK")
        self.add(
            "orders",
            order_id=order_id,
            customer_id=customer,
            ordered_at=text(at),
            currency_code=currency,
        )
        for _ in range(self.pick(1, 0, 2, 3)):
            offers = self.offers_at(at)
            if offers:
                self.line(order_id, at, customer, currency, self.pick(*offers))

    def line(
        self, order_id: str, at: datetime, customer: str | None, currency: str, offer: str
    ) -> None:
        """A line and, where it was shipped, its parcels and returns; ratings in every state."""
        line_id, state = self.next_id("L", "order_lines"), self.pick(*STATES)
        quantity, price = self.chance.randint(1, 3), self.pick("100", "0.01", "199.9999")
        self.add(
            "order_lines",
            order_line_id=line_id,
            order_id=order_id,
            product_list_id=offer,
            quantity=str(quantity),
            unit_price=price,
            state=state,
        )
        requested = []
        if state in SHIPPED:
            for _ in range(self.pick(1, 0, 2)):
                self.parcel("outbound", at, line_id, None)
            for unit in range(1, quantity + 1):
                requested += self.unit(line_id, unit, at)
        if self.pick(False, False, False, True):
            self.add(
                "refunds",
                refund_id=self.next_id("M", "refunds"),
                order_line_id=line_id,
                return_line_id=None,
                amount=price,
                currency_code=currency,
                refunded_at=text(at + self.span()),
            )
        self.ratings(line_id, at, customer, requested)

    def parcel(self, leg: str, at: datetime, line_id: str | None, return_id: str | None) -> None:
        """A parcel, which may be lost, damaged, or not tell when it left."""
        shipped_at = at + self.short_span()
        arrived_at = self.pick(shipped_at + self.short_span(), None)
        self.add(
            "shipments",
            shipment_id=self.next_id("H", "shipments"),
            order_line_id=line_id,
            return_line_id=return_id,
            leg=leg,
            shipped_at=self.pick(text(shipped_at), None),
            delivered_at=text(arrived_at),
            is_damaged=self.pick(None, "true", "false"),
            is_lost=self.pick(None, "false") if arrived_at else "true",
        )

    def unit(self, line_id: str, unit: int, at: datetime) -> list[datetime]:
        """Returns of one unit, each with its diagnoses and repairs; when they were requested."""
        requested, busy, comes_again = [], set(), False
        for _ in range(self.pick(0, 1, 1, 2, 3)):
            at = at + (self.repeat_span() if comes_again else self.span())
            requested.append(at)
            return_id = self.next_id("R", "return_lines")
            decision = "accepted" if comes_again else self.pick(*DECIDED)
            self.add(
                "return_lines",
                return_line_id=return_id,
                order_line_id=line_id,
                unit_number=str(unit),
                reason_code=str(self.pick(23, 0, 1, 11, 12, 13, 21, 22, 24, 25)),
                requested_at=text(at),
                received_at=self.pick(None, text(at + self.short_span())),
                decision=decision,
                decided_at=text(at) if decision != "pending" else None,
                outcome=self.pick(*DECIDED[decision]),
            )
            if self.pick(False, False, True):
                leg = self.pick("to_service", "back_to_customer")
                self.parcel(leg, at, self.pick(line_id, None), return_id)
            for _ in range(self.pick(1, 0, 2)):
                self.diagnosis(return_id, at)
            backs = self.repair(return_id, busy, at) if comes_again else []
            for _ in range(self.pick(0, 1, 1, 2) if decision != "refused" else 0):
                backs += self.repair(return_id, busy, at + self.short_span())
            # the next trouble begins where a repair ended, or while it is under way
            comes_again = bool(backs) and self.pick(True, False)
            at = max(backs) if comes_again else self.pick(max(backs, default=at), at)
        return requested

    def diagnosis(self, return_id: str, at: datetime) -> None:
        """A defect found, or looked for and not found."""
        self.add(
            "defects",
            defect_id=self.next_id("D", "defects"),
            return_line_id=return_id,
            defect_type=self.pick("battery", "screen", "no_fault_found"),
            is_confirmed=self.pick("true", "false"),
            attribution=self.pick("supplier", "unknown", "carrier", "customer", "none"),
            diagnosed_at=self.pick(None, text(at + self.short_span())),
        )

    def repair(self, return_id: str, busy: set[datetime], sent_at: datetime) -> list[datetime]:
        """A repair; when the unit was back, if it is."""
        while sent_at in busy:
            sent_at += timedelta(seconds=1)
        busy.add(sent_at)
        back_at = self.pick(sent_at + self.short_span(), None)
        self.add(
            "repairs",
            repair_id=self.next_id("F", "repairs"),
            return_line_id=return_id,
            sent_to_service_at=text(sent_at),
            started_at=self.pick(None, text(sent_at)),
            finished_at=self.pick(None, text(back_at)),
            returned_to_customer_at=text(back_at),
            parts_cost=self.pick("10", "0", "33.3333", None),
            labour_cost=self.pick("20", "0.005", "12.3456"),
            shipping_cost=self.pick("5", "0", None),
            currency_code=self.pick("EUR", "USD", "SEK", None),
            outcome=self.pick("fixed", "not_fixed", "no_fault_found") if back_at else None,
        )
        return [back_at] if back_at else []

    def ratings(
        self, line_id: str, at: datetime, customer: str | None, requested: Sequence[datetime]
    ) -> None:
        """Ratings, of several accounts, before, at and after the first return request."""
        scores: dict[tuple, int] = {}
        for _ in range(self.pick(0, 0, 1, 2, 3)):
            who = self.pick(customer, "C1", "C3", None)
            rated_at = at + self.span()
            if requested and self.pick(False, True):
                nudge = timedelta(seconds=self.pick(0, -1, 1))
                rated_at = max(at, min(requested) + nudge)
            # of two ratings at one moment none is the latest: they agree, so that it is all one
            score = scores.setdefault((who, rated_at), self.chance.randint(1, 5))
            self.add(
                "ratings",
                rating_id=self.next_id("N", "ratings"),
                order_line_id=line_id,
                customer_id=who,
                score=str(score),
                rated_at=text(rated_at),
            )

    def last_order(self) -> None:
        """Perhaps an order on the day, or the day before, on which a window is over."""
        orders, returns, repairs = (
            [moment_of(row[column]) for row in self.tables.get(table, ()) if row[column]]
            for table, column in (
                ("orders", "ordered_at"),
                ("return_lines", "requested_at"),
                ("repairs", "returned_to_customer_at"),
            )
        )
        too_early = self.pick(0, 1)
        ends = [local_midday(end_of_month(at), self.pick(30, 365) - too_early) for at in orders]
        ends += [local_midday(at, 90 - too_early) for at in repairs]
        # an earlier one would not be the last day seen
        ends = [end for end in ends if end > max(orders + returns)]
        if ends and self.pick(True, True, False):
            self.add(
                "orders",
                order_id=self.next_id("B", "orders"),
                customer_id=None,
                ordered_at=text(self.pick(*ends)),
                currency_code="EUR",
            )

    def exchange_rates(self) -> None:
        """Rates of the days of orders and repairs, or as old as they hold, or a day older."""
        foreign = {
            (row["currency_code"], moment_of(row[column]))
            for table, column in (("orders", "ordered_at"), ("repairs", "sent_to_service_at"))
            for row in self.tables.get(table, ())
            if row["currency_code"] in ("USD", "SEK")
        }
        days = {("USD", LONG_AGO.date()), ("SEK", LONG_AGO.date())}
        for currency, at in sorted(foreign):
            age = self.pick(0, 31, 32, 3, -1)
            days.add((currency, local_midday(at, -age).date()))
        # the euro needs none, and is one whatever the table says
        self.add("fx_rates", currency_code="EUR", rate_date="2020-01-01", eur_rate="2")
        for currency, day in sorted(days):
            rate = self.pick("0.5", "0.08712345", "1.1")
            self.add("fx_rates", currency_code=currency, rate_date=str(day), eur_rate=rate)


def end_of_month(at: datetime) -> datetime:
    """Noon of the last day of the month that it is in Paris."""
    local = at.replace(tzinfo=UTC).astimezone(LOCAL).replace(tzinfo=None)
    return (local.replace(day=28, hour=12) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def valid_versions(tables: Tables, at: datetime) -> Iterator[Row]:
    """Versions of offers that hold at a moment."""
    for row in tables["product_lists"]:
        ends = row["valid_to"]
        if moment_of(row["valid_from"]) <= at and (ends is None or at < moment_of(ends)):
            yield row


def rich_extract(chance: Random) -> Tables:
    """An extract of sound rows; some tables are absent, some empty."""
    draft = Draft(chance)
    draft.catalogue()
    for _ in range(draft.pick(4, 8, 12, 16)):
        draft.order()
    draft.last_order()
    if draft.pick(True, True, True, False):
        draft.exchange_rates()
    for customer in ("C1", "C2", "C3"):
        draft.add("customers", customer_id=customer)
    for table in ("orders", "order_lines", *OPTIONAL):
        draft.tables.setdefault(table, [])
    if draft.pick(False, False, True):
        absent = {draft.pick(*OPTIONAL), draft.pick(*OPTIONAL)}
        # without returns, defects and repairs say nothing: landing refuses them
        absent |= {"defects", "repairs"} if "return_lines" in absent else set()
        draft.tables = {key: rows for key, rows in draft.tables.items() if key not in absent}
    return draft.tables


@st.composite
def extracts(draw: Draw) -> Tables:
    """An extract of which few rows are left out, and with them what refers to them."""
    tables = rich_extract(Random(draw(st.integers(0, 2**32))))
    events = [(table, row) for table in DEPENDENTS for row in tables.get(table, ())]
    # a byte for each row, of which 0 leaves it out: that is where shrinking goes
    flags = draw(st.binary(min_size=len(events), max_size=len(events)))
    left_out: set[tuple[str, str]] = set()
    kept: Tables = {table: [] if table in DEPENDENTS else rows for table, rows in tables.items()}
    for (table, row), flag in zip(events, flags, strict=True):
        references = {(column, cell) for column, cell in row.items() if column.endswith("_id")}
        if flag == 0 or references & left_out:
            left_out.add(next(iter(row.items())))
        else:
            kept[table].append(row)
    return kept


def readable(tables: Tables) -> str:
    """An extract as a reader of a counterexample wants it: a line for each row."""
    lines = []
    for table, rows in tables.items():
        lines.append(f"{table}: {len(rows)} rows")
        for row in rows:
            cells = (f"{column}={cell}" for column, cell in row.items() if cell is not None)
            lines.append("    " + ", ".join(cells))
    return "\n".join(lines)
