"""The seven marts in plain Python, from the words of the design and from no SQL.

Two programs that were written apart rarely err alike: where the marts and this file differ, one of
them has misread a definition. So each function quotes the sentence that it follows, and speed does
not matter. It takes raw rows as text, sound ones only: what the gate would refuse is left out by
whoever calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from statistics import NormalDist
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, str | None]
Tables = Mapping[str, Sequence[Row]]
Mart = dict[tuple, dict[str, Any]]

REPORTING_TIMEZONE = ZoneInfo("Europe/Paris")
REPEAT_REPAIR_WINDOW = timedelta(days=90)
MAX_FX_RATE_AGE = timedelta(days=31)
Z_95 = NormalDist().inv_cdf(0.975)

SHIPPED_STATES = {"shipped", "refunded_after_shipping"}
DEFECT_REASONS = {21, 22, 23}
ANSWERED_BY_SUPPLIER = {"supplier", "unknown"}
PHASES = ("no_return", "pre_return", "post_return")


def moment(text: str | None) -> datetime | None:
    """ISO timestamps in UTC `YYYY-MM-DD HH:MM:SS`; empty is null."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def local_day(at: datetime) -> date:
    """UTC stored, day boundary in Europe/Paris: 2024-01-31 23:30Z is 2024-02-01."""
    return at.astimezone(REPORTING_TIMEZONE).date()


def first_of_month(day: date) -> date:
    """Order cohort: month of order in the reporting time zone."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """The day from which maturity counts: the last day of its order month."""
    return first_of_month(first_of_month(day) + timedelta(days=31)) - timedelta(days=1)


def elapsed_days(start: datetime, end: datetime) -> float:
    """Durations in days as fractions of elapsed seconds."""
    return (end - start).total_seconds() / 86_400


def ratio(part: float | None, whole: float | None) -> float | None:
    """Where the denominator is 0 the rate is null, never 0; unknown parts too."""
    return None if part is None or not whole else float(part) / float(whole)


def wilson(part: int | None, whole: int | None) -> tuple[float | None, float | None]:
    """Wilson 1927: centre (p + z^2/2n)/(1 + z^2/n), half z/(1+z^2/n) sqrt(p(1-p)/n + z^2/4n^2)"""
    if part is None or not whole:
        return None, None
    p, square = part / whole, Z_95 * Z_95
    scale = 1 + square / whole
    centre = (p + square / (2 * whole)) / scale
    half = Z_95 / scale * (p * (1 - p) / whole + square / (4 * whole * whole)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


def with_bounds(name: str, part: int | None, whole: int | None) -> dict[str, float | None]:
    """A rate with its Wilson 95 % bounds, `<rate>_low` and `<rate>_high`."""
    low, high = wilson(part, whole)
    return {name: ratio(part, whole), f"{name}_low": low, f"{name}_high": high}


def percentile_cont(values: Iterable[float], share: float) -> float | None:
    """The continuous percentile of SQL: linear between the two values beside its place."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def total(values: Iterable[Decimal]) -> Decimal | None:
    """A sum of money; null when there is nothing known to add up."""
    known = list(values)
    return sum(known, Decimal(0)) if known else None


@dataclass(frozen=True)
class Repair:
    """A repair of a unit. One row per unit sent to the service and back."""

    unit: tuple[str, int]
    return_id: str
    sent_at: datetime
    back_at: datetime | None
    cost_eur: Decimal | None

    @property
    def turnaround_days(self) -> float | None:
        """returned_to_customer_at - sent_to_service_at; null while the repair is open."""
        return None if self.back_at is None else elapsed_days(self.sent_at, self.back_at)


@dataclass(frozen=True)
class Return:
    """A return: one row per returned unit and event."""

    unit: tuple[str, int]
    return_id: str
    is_defect: bool
    decision: str
    outcome: str
    requested_at: datetime
    confirmed_defect_types: frozenset[str]
    is_transit_damaged: bool


@dataclass
class Line:
    """An order line, with the supplier and product of the offer when it was ordered."""

    line_id: str
    supplier_id: str
    product_id: str
    category: str
    order_month: date
    ordered_units: int
    unit_price_eur: Decimal | None
    is_delivered: bool = False
    returns: list[Return] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    ratings: list[tuple[str, str | None, datetime, int]] = field(default_factory=list)


class Oracle:
    """What the marts must say of an extract."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def has(self, *tables: str) -> bool:
        """Whether extracts were delivered; their measures are null otherwise (raw contract)."""
        return all(table in self.tables for table in tables)

    def rows(self, table: str) -> Sequence[Row]:
        """Rows of a table, none when it was not delivered."""
        return self.tables.get(table, ())

    @cached_property
    def as_of_date(self) -> date | None:
        """Its default is the last day seen in raw orders and returns."""
        seen = [moment(row["ordered_at"]) for row in self.rows("orders")]
        seen += [moment(row["requested_at"]) for row in self.rows("return_lines")]
        return max(map(local_day, seen), default=None)

    def is_mature(self, month: date, days: int) -> bool:
        """The whole cohort has lived through the window at as_of_date, counted from the last day
        of its order month.
        """
        return last_of_month(month) + timedelta(days=days) <= self.as_of_date

    def eur_rate(self, currency: str | None, day: date) -> Decimal | None:
        """Convert at order-date rate (sales) and at event-date rate (costs): the last rate
        known by that day, which holds for 31 days after its own (var max_fx_rate_age_days).
        """
        if currency == "EUR":
            return Decimal(1)
        known = [
            (date.fromisoformat(row["rate_date"]), Decimal(row["eur_rate"]))
            for row in self.rows("fx_rates")
            if row["currency_code"] == currency
        ]
        current = [pair for pair in known if day - MAX_FX_RATE_AGE <= pair[0] <= day]
        return max(current)[1] if current else None

    def in_eur(self, amount: Decimal | None, currency: str | None, day: date) -> Decimal | None:
        """Money in EUR, with four decimals; null when amount or rate is unknown."""
        rate = self.eur_rate(currency, day)
        if amount is None or rate is None:
            return None
        return (amount * rate).quantize(Decimal("0.0001"), ROUND_HALF_UP)

    def offer_version(self, offer: str, at: datetime) -> Row:
        """The supplier at order time, through the version of the offer valid then. From
        valid_from until just before valid_to; of versions that overlap the one that began last.
        """
        valid = [
            row
            for row in self.rows("product_lists")
            if row["product_list_id"] == offer
            and moment(row["valid_from"]) <= at
            and (not row["valid_to"] or at < moment(row["valid_to"]))
        ]
        return max(valid, key=lambda row: moment(row["valid_from"]))

    @cached_property
    def lines(self) -> dict[str, Line]:
        """Order lines by id, in every state, with what happened to them."""
        categories = {row["product_id"]: row["category"] for row in self.rows("products")}
        orders = {row["order_id"]: row for row in self.rows("orders")}
        lines = {}
        for row in self.rows("order_lines"):
            order = orders[row["order_id"]]
            ordered_at = moment(order["ordered_at"])
            version = self.offer_version(row["product_list_id"], ordered_at)
            # ordered_units: units on lines that reached shipping; other states never count
            shipped = row["state"] in SHIPPED_STATES
            price = Decimal(row["unit_price"])
            lines[row["order_line_id"]] = Line(
                line_id=row["order_line_id"],
                supplier_id=version["supplier_id"],
                product_id=version["product_id"],
                category=categories[version["product_id"]] or "unknown",
                order_month=first_of_month(local_day(ordered_at)),
                ordered_units=int(row["quantity"]) if shipped else 0,
                unit_price_eur=self.in_eur(price, order["currency_code"], local_day(ordered_at)),
            )
        for row in self.rows("shipments"):
            # delivered_units: on lines with a delivered outbound shipment
            if row["leg"] == "outbound" and row["delivered_at"]:
                lines[row["order_line_id"]].is_delivered = True
        self._add_returns(lines)
        for row in self.rows("ratings"):
            line = lines[row["order_line_id"]]
            rated_at, score = moment(row["rated_at"]), int(row["score"])
            line.ratings.append((row["rating_id"], row["customer_id"], rated_at, score))
        return lines

    def _add_returns(self, lines: Mapping[str, Line]) -> None:
        diagnoses: dict[str, list[Row]] = {}
        for row in self.rows("defects"):
            diagnoses.setdefault(row["return_line_id"], []).append(row)
        units = {}
        for row in self.rows("return_lines"):
            unit = (row["order_line_id"], int(row["unit_number"]))
            units[row["return_line_id"]] = unit
            found = diagnoses.get(row["return_line_id"], [])
            lines[unit[0]].returns.append(
                Return(
                    unit=unit,
                    return_id=row["return_line_id"],
                    is_defect=int(row["reason_code"]) in DEFECT_REASONS,
                    decision=row["decision"],
                    outcome=row["outcome"],
                    requested_at=moment(row["requested_at"]),
                    confirmed_defect_types=frozenset(
                        defect["defect_type"] for defect in found if is_confirmed_defect(defect)
                    ),
                    # at least one defect attributed to the carrier
                    is_transit_damaged=any(d["attribution"] == "carrier" for d in found),
                )
            )
        for row in self.rows("repairs"):
            unit = units[row["return_line_id"]]
            sent_at = moment(row["sent_to_service_at"])
            lines[unit[0]].repairs.append(
                Repair(
                    unit=unit,
                    return_id=row["return_line_id"],
                    sent_at=sent_at,
                    back_at=moment(row["returned_to_customer_at"]),
                    cost_eur=self.in_eur(
                        repair_cost(row), row["currency_code"], local_day(sent_at)
                    ),
                )
            )

    def grouped(self, key: Callable[[Line], Hashable]) -> dict[Any, list[Line]]:
        """Order lines, in every state, by a key: the rows of a mart."""
        groups: dict[Any, list[Line]] = {}
        for line in self.lines.values():
            groups.setdefault(key(line), []).append(line)
        return groups

    def defect_measures(self, lines: Sequence[Line], month: date) -> dict[str, Any]:
        """mart_supplier_defects and mart_category_defects ("the same")."""
        ordered = ordered_units(lines)
        returns = [event for line in lines for event in line.returns]
        returned = returned_units(lines) if self.has("return_lines") else None
        events = len(returns) if self.has("return_lines") else None
        # distinct returned units with at least one return whose reason is_defect
        defect = len({event.unit for event in returns if event.is_defect})
        # distinct returned units with at least one confirmed defect attributed to the supplier
        confirmed = len({event.unit for event in returns if event.confirmed_defect_types})
        transit = len({event.unit for event in returns if event.is_transit_damaged})
        defect = defect if self.has("return_lines") else None
        is_diagnosed = self.has("return_lines", "defects")
        confirmed, transit = (confirmed, transit) if is_diagnosed else (None, None)
        delivered = sum(line.ordered_units for line in lines if line.is_delivered)
        return {
            "ordered_units": ordered,
            "delivered_units": delivered if self.has("shipments") else None,
            "returned_units": returned,
            "return_events": events,
            "defect_returned_units": defect,
            "confirmed_defect_units": confirmed,
            "transit_damaged_units": transit,
            **with_bounds("return_rate", returned, ordered),
            **with_bounds("defect_return_rate", defect, ordered),
            **with_bounds("confirmed_defect_rate", confirmed, ordered),
            **with_bounds("transit_damage_rate", transit, ordered),
            "is_mature_30d": self.is_mature(month, 30),
            "is_mature_365d": self.is_mature(month, 365),
            "as_of_date": self.as_of_date,
        }

    def mart_supplier_defects(self) -> Mart:
        """Grain supplier_id, order_month, with an order line (of any state)."""
        groups = self.grouped(lambda line: (line.supplier_id, line.order_month))
        return {key: self.defect_measures(lines, key[-1]) for key, lines in groups.items()}

    def mart_category_defects(self) -> Mart:
        """Grain category, supplier_id, order_month; the same measures."""
        groups = self.grouped(lambda line: (line.category, line.supplier_id, line.order_month))
        return {key: self.defect_measures(lines, key[-1]) for key, lines in groups.items()}

    def mart_defect_types(self) -> Mart:
        """KPI 2: "diviser le nombre de produits defectueux d'un certain type par le nombre total
        de produits de ce type fournis par le fournisseur". One row per type found.
        """
        mart: Mart = {}
        for (category, supplier), lines in self.grouped(
            lambda line: (line.category, line.supplier_id)
        ).items():
            units: dict[str, set] = {}
            for event in (event for line in lines for event in line.returns):
                for defect_type in event.confirmed_defect_types:
                    units.setdefault(defect_type, set()).add(event.unit)
            of_all_types = sum(map(len, units.values()))
            for defect_type, found in units.items():
                ordered = ordered_units(lines)
                mart[category, supplier, defect_type] = {
                    "defective_units": len(found),
                    "ordered_units": ordered,
                    **with_bounds("defect_type_rate", len(found), ordered),
                    "share_of_defects": ratio(len(found), of_all_types),
                }
        return mart

    def counted_ratings(self, line: Line) -> list[tuple[str | None, int]]:
        """A customer who rates a line twice in one phase counts once, with the latest.
        An unknown customer is another one each time; without returns there is no phase.
        """
        first_return = min((event.requested_at for event in line.returns), default=None)
        latest: dict[Hashable, tuple[datetime, str | None, int]] = {}
        for rating_id, customer, rated_at, score in line.ratings:
            phase = rating_phase(rated_at, first_return) if self.has("return_lines") else None
            who = customer or ("unknown customer", rating_id)
            rating = (rated_at, phase, score)
            if (who, phase) not in latest or latest[who, phase][0] < rated_at:
                latest[who, phase] = rating
        return [(phase, score) for _, phase, score in latest.values()]

    def satisfaction_measures(self, lines: Sequence[Line]) -> dict[str, Any]:
        """mart_product_satisfaction and mart_supplier_satisfaction."""
        counted = [rating for line in lines for rating in self.counted_ratings(line)]
        delivered = [line for line in lines if line.is_delivered]
        is_known = self.has("shipments", "ratings")
        rated_delivered = sum(bool(line.ratings) for line in delivered) if is_known else None
        measures = {
            "rated_lines": sum(bool(line.ratings) for line in lines)
            if self.has("ratings")
            else None,
            "delivered_lines": len(delivered) if self.has("shipments") else None,
            "rated_delivered_lines": rated_delivered,
            # response_rate = rated lines / delivered lines, of the delivered ones
            "response_rate": ratio(rated_delivered, len(delivered)),
            **rating_measures("", [s for _, s in counted] if self.has("ratings") else None),
        }
        for phase in PHASES:
            scores = [score for at, score in counted if at == phase]
            known = scores if self.has("ratings", "return_lines") else None
            measures |= rating_measures(f"{phase}_", known)
        return measures

    def mart_product_satisfaction(self) -> Mart:
        """Grain product_id, with an order line."""
        groups = self.grouped(lambda line: (line.product_id,))
        return {key: self.satisfaction_measures(lines) for key, lines in groups.items()}

    def mart_supplier_satisfaction(self) -> Mart:
        """Grain supplier_id, with an order line."""
        groups = self.grouped(lambda line: (line.supplier_id,))
        return {key: self.satisfaction_measures(lines) for key, lines in groups.items()}

    def first_repairs(self, lines: Sequence[Line]) -> list[tuple[Repair, list[Repair]]]:
        """The first repair of each unit and its later ones: on first repairs the rate asks whether
        they lasted ("apres une premiere intervention").
        """
        by_unit: dict[tuple, list[Repair]] = {}
        for repair in (repair for line in lines for repair in line.repairs):
            by_unit.setdefault(repair.unit, []).append(repair)
        ordered = [sorted(found, key=lambda repair: repair.sent_at) for found in by_unit.values()]
        return [(found[0], found[1:]) for found in ordered]

    def is_followed_up(self, first: Repair) -> bool:
        """Units whose whole window has passed: the first repair ended 90 days before
        the as-of date.
        """
        if first.back_at is None:
            return False
        return local_day(first.back_at) + REPEAT_REPAIR_WINDOW <= self.as_of_date

    def repair_measures(self, lines: Sequence[Line]) -> dict[str, Any]:
        """What both repair marts have: events, turnaround, repeat repairs."""
        names = (
            *("repair_events", "finished_repairs", "open_repairs", "repaired_units"),
            *("followed_up_units", "repeat_repaired_units", "turnaround_days_sum"),
            *("mean_turnaround_days", "median_turnaround_days", "p90_turnaround_days"),
            "repeat_repair_rate",
        )
        if not self.has("return_lines", "repairs"):
            return dict.fromkeys(names) | failures_again(None, None, None, None)
        repairs = [repair for line in lines for repair in line.repairs]
        # turnaround is averaged over finished repairs, each event counting once
        days = [r.turnaround_days for r in repairs if r.turnaround_days is not None]
        followed = [pair for pair in self.first_repairs(lines) if self.is_followed_up(pair[0])]
        repeated = sum(comes_again(first, later) for first, later in followed)
        return {
            "repair_events": len(repairs),
            "finished_repairs": len(days),
            "open_repairs": len(repairs) - len(days),
            "repaired_units": len({r.unit for r in repairs if r.back_at is not None}),
            "followed_up_units": len(followed),
            "repeat_repaired_units": repeated,
            "turnaround_days_sum": sum(days) if days else None,
            "mean_turnaround_days": ratio(sum(days), len(days)),
            "median_turnaround_days": percentile_cont(days, 0.5),
            "p90_turnaround_days": percentile_cont(days, 0.9),
            "repeat_repair_rate": ratio(repeated, len(followed)),
            **self.failure_measures(lines, followed),
        }

    @cached_property
    def diagnoses(self) -> dict[str, dict[str, bool]]:
        """Defect types of each return that was diagnosed, and whether they were confirmed there."""
        found: dict[str, dict[str, bool]] = {}
        for row in self.rows("defects"):
            types = found.setdefault(row["return_line_id"], {})
            is_confirmed = row["is_confirmed"] == "true"
            types[row["defect_type"]] = types.get(row["defect_type"], False) or is_confirmed
        return found

    def has_same_defect(self, one: Repair, other: Repair) -> bool:
        """The "same defect": a type that both returns were diagnosed with, one confirmed it."""
        first, second = (self.diagnoses.get(r.return_id, {}) for r in (one, other))
        return any(first[kind] or second[kind] for kind in first.keys() & second.keys())

    def failure_measures(
        self, lines: Sequence[Line], followed: Sequence[tuple[Repair, list[Repair]]]
    ) -> dict[str, Any]:
        """Whether what failed again was the same, and units with a confirmed defect
        after a repair (A2 20), in all and within the window of the first repair.
        """
        if not self.has("defects"):
            return failures_again(None, None, None, len(followed))
        same = sum(
            comes_again(first, [r for r in later if self.has_same_defect(first, r)])
            for first, later in followed
        )
        bad: dict[tuple, list[datetime]] = {}
        for event in (event for line in lines for event in line.returns):
            if event.confirmed_defect_types:
                bad.setdefault(event.unit, []).append(event.requested_at)
        again = {
            repair.unit
            for line in lines
            for repair in line.repairs
            if repair.back_at and any(at >= repair.back_at for at in bad.get(repair.unit, ()))
        }
        in_window = sum(
            any(
                timedelta(0) <= at - first.back_at <= REPEAT_REPAIR_WINDOW
                for at in bad.get(first.unit, ())
            )
            for first, _ in followed
        )
        return failures_again(same, len(again), in_window, len(followed))

    def mart_repair_efficiency(self) -> Mart:
        """Grain supplier_id, over all order cohorts."""
        mart = {}
        for key, lines in self.grouped(lambda line: (line.supplier_id,)).items():
            ordered = ordered_units(lines)
            returned = returned_units(lines) if self.has("return_lines") else None
            return_rate, measures = ratio(returned, ordered), self.repair_measures(lines)
            mean = measures["mean_turnaround_days"]
            mart[key] = {
                "ordered_units": ordered,
                "returned_units": returned,
                "return_rate": return_rate,
                **measures,
                "repair_efficiency": efficiency(return_rate, mean),
                "repair_efficiency_repaired_only": efficiency(measures["repeat_repair_rate"], mean),
            }
        return mart

    def cost_measures(self, lines: Sequence[Line]) -> dict[str, Any]:
        """repair_cost_ratio: cost of repaired units / their sale price, ratio of sums,
        over repairs whose cost and whose unit's price are known.
        """
        costed = [
            (line, repair)
            for line in lines
            for repair in line.repairs
            if repair.cost_eur is not None
        ]
        priced = [pair for pair in costed if pair[0].unit_price_eur is not None]
        prices = {repair.unit: line.unit_price_eur for line, repair in priced}
        cost = total(repair.cost_eur for _, repair in costed)
        # all repairs of a unit together against its price
        spent: dict[tuple, Decimal] = {}
        for _, repair in priced:
            spent[repair.unit] = spent.get(repair.unit, Decimal(0)) + repair.cost_eur
        dearer = sum(amount > prices[unit] for unit, amount in spent.items())
        is_known = self.has("return_lines", "repairs")
        dearer, units = (dearer, len(spent)) if is_known else (None, None)
        priced_cost = total(repair.cost_eur for _, repair in priced)
        return {
            "costed_repairs": len(costed) if is_known else None,
            "priced_repaired_units": units,
            "dearer_than_device_units": dearer,
            **with_bounds("dearer_than_device_rate", dearer, units),
            "repair_cost_eur": cost,
            "mean_repair_cost_eur": ratio(cost, len(costed)),
            "priced_repair_cost_eur": priced_cost,
            # each unit once
            "repaired_units_price_eur": total(prices.values()),
            "repair_cost_ratio": ratio(priced_cost, total(prices.values())),
        }

    def mart_category_repairs(self) -> Mart:
        """Grain category, with an order line."""
        groups = self.grouped(lambda line: (line.category,))
        return {
            key: self.repair_measures(lines) | self.cost_measures(lines)
            for key, lines in groups.items()
        }

    def marts(self) -> dict[str, Mart]:
        """Every mart by its name."""
        makers = (
            self.mart_supplier_defects,
            self.mart_category_defects,
            self.mart_defect_types,
            self.mart_product_satisfaction,
            self.mart_supplier_satisfaction,
            self.mart_repair_efficiency,
            self.mart_category_repairs,
        )
        return {maker.__name__: maker() for maker in makers}


def is_confirmed_defect(defect: Row) -> bool:
    """A confirmed defect attributed to the supplier or unknown; no-fault-found, carrier and
    customer damage are out. That no fault was found is what is_confirmed says (raw
    contract); the name of a type decides nothing.
    """
    return defect["is_confirmed"] == "true" and defect["attribution"] in ANSWERED_BY_SUPPLIER


def repair_cost(row: Row) -> Decimal | None:
    """Parts, labour and freight together; null when one of them is unknown (fct_repairs)."""
    parts = [row["parts_cost"], row["labour_cost"], row["shipping_cost"]]
    return None if None in parts else sum(map(Decimal, parts), Decimal(0))


def rating_phase(rated_at: datetime, first_return: datetime | None) -> str:
    """Ratings before and after the line's first return request apart."""
    if first_return is None:
        return "no_return"
    return "pre_return" if rated_at < first_return else "post_return"


def rating_measures(prefix: str, scores: Sequence[int] | None) -> dict[str, Any]:
    """avg_rating (Sum_Avis Note_Avis / NombreAvis), csat_rate (score >= 4), n."""
    count = None if scores is None else len(scores)
    scored = None if scores is None else sum(scores)
    satisfied = None if scores is None else sum(score >= 4 for score in scores)
    return {
        f"{prefix}rating_count": count,
        f"{prefix}rating_sum": scored,
        f"{prefix}csat_count": satisfied,
        f"{prefix}avg_rating": ratio(scored, count),
        **with_bounds(f"{prefix}csat_rate", satisfied, count),
    }


def ordered_units(lines: Iterable[Line]) -> int:
    """Units on lines that reached shipping."""
    return sum(line.ordered_units for line in lines)


def returned_units(lines: Iterable[Line]) -> int:
    """Distinct (order_line_id, unit_number) with at least one return line, whatever the reason
    or decision.
    """
    return len({event.unit for line in lines for event in line.returns})


def comes_again(first: Repair, later: Iterable[Repair]) -> bool:
    """Sent to service again within 90 days of coming back."""
    return any(
        timedelta(0) <= repair.sent_at - first.back_at <= REPEAT_REPAIR_WINDOW for repair in later
    )


def failures_again(
    same: int | None, again: int | None, in_window: int | None, followed: int | None
) -> dict[str, Any]:
    """The columns of what failed again, null where no defects tell."""
    return {
        "repeat_repaired_same_defect_units": same,
        "again_defective_units": again,
        "again_defective_followed_up_units": in_window,
        **with_bounds("repeat_repair_same_defect_rate", same, followed),
        **with_bounds("again_defective_rate", in_window, followed),
    }


def efficiency(rate: float | None, mean_days: float | None) -> float | None:
    """(1 - rate) / mean turnaround days, 1/day; null without a finished repair or at a 0 mean"""
    return None if rate is None or not mean_days else (1 - rate) / mean_days
