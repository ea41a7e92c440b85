"""People, orders, lines, payments and outbound parcels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refurb_warehouse.generate import vocabulary as words
from refurb_warehouse.generate.catalogue import World
from refurb_warehouse.generate.draws import DAY, Array, Draws, seconds
from refurb_warehouse.generate.landing import Landing
from refurb_warehouse.generate.vocabulary import NONE

LINES_PER_ORDER_SHARES = (0.80, 0.14, 0.06)
QUANTITY_SHARES = (0.93, 0.05, 0.014, 0.006)
# Mean lines of a buyer over all orders, from which the number of buyers of a chunk is taken.
LINES_PER_BUYER = 1.55
GUEST_SHARE = 0.02
ERASED_SHARE = 0.01
MODE_DAYS = np.array([2.6, 1.1, 3.0, 2.4])
MODE_COSTS = np.array([490, 990, 390, 690])
PROMISED_DAYS = np.array([5, 3, 6, 5])
SECOND_PARCEL_SHARE = 0.04
# What becomes of a line that is not simply shipped.
LINE_FATES = (words.SHIPPED, words.CANCELLED, words.REFUNDED_BEFORE)
LINE_FATE_SHARES = (0.958, 0.024, 0.018)
ORDER_FATES = (words.SHIPPED, words.UNPAID, words.ON_HOLD)
ORDER_FATE_SHARES = (0.990, 0.008, 0.002)

Frame = dict[str, Array]


@dataclass
class Buyers:
    """Who orders in a batch and when; one element per order, `user` is NONE for a guest."""

    customer: Array
    user: Array
    country: Array
    ordered_at: Array

    def take(self, chosen: Array) -> Buyers:
        """The chosen buyers."""
        return Buyers(*(column[chosen] for column in self.__dict__.values()))


def first_buyers(draws: Draws, world: World, landing: Landing, count: int) -> Buyers:
    """New people, each with an account, about to place a first order."""
    customer = landing.reserve("customers", count)
    is_guest = draws.chance(GUEST_SHARE, count)
    user = np.full(count, NONE, dtype=np.int64)
    user[~is_guest] = landing.reserve("users", int((~is_guest).sum()))
    ordered_at = world.clock.draw(draws, count)
    country = draws.pick(words.COUNTRY_SHARES, count).astype(np.int8)
    return Buyers(customer, user, country, ordered_at)


def write_people(
    draws: Draws, world: World, landing: Landing, buyers: Buyers, again: Array
) -> None:
    """Rows of new buyers; only people who do not order again may be erased."""
    created_at = buyers.ordered_at - draws.days_exponential(20, len(buyers.user)) - 60
    landing.append(
        "customers",
        {"customer": buyers.customer, "user": buyers.user, "created_at": created_at},
    )
    is_known = buyers.user != NONE
    count = int(is_known.sum())
    signed_up = created_at[is_known] - draws.days_uniform(0, 30, count)
    erased = buyers.ordered_at[is_known] + draws.days_uniform(40, 400, count)
    is_erased = draws.chance(ERASED_SHARE, count) & ~again[is_known] & (erased <= world.clock.end)
    landing.append(
        "users",
        {
            "user": buyers.user[is_known],
            "first_name": draws.whole(count, 0, len(words.FIRST_NAMES)),
            "last_name": draws.whole(count, 0, len(words.LAST_NAMES)),
            "phone": draws.whole(count, 0, 10_000),
            "country": buyers.country[is_known],
            "city": draws.whole(count, 0, len(words.CITIES)),
            "created_at": signed_up,
            "has_consent": draws.chance(0.42, count),
            "erased_at": np.where(is_erased, erased, NONE),
        },
    )


def draw_orders(
    draws: Draws, world: World, landing: Landing, buyers: Buyers, budget: int
) -> tuple[Frame, Frame]:
    """Orders and their lines, at most `budget` lines."""
    per_order = 1 + draws.pick(LINES_PER_ORDER_SHARES, len(buyers.customer)).astype(np.int64)
    per_order = np.minimum(per_order, budget - (np.cumsum(per_order) - per_order))
    kept = per_order > 0
    buyers, per_order = buyers.take(kept), per_order[kept]
    count = len(per_order)
    orders = {
        "order": landing.reserve("orders", count),
        "customer": buyers.customer,
        "user": buyers.user,
        "ordered_at": buyers.ordered_at,
        "country": buyers.country,
        "currency": np.array(words.CURRENCY_OF_COUNTRY, dtype=np.int8)[buyers.country],
        "fate": np.array(ORDER_FATES)[draws.pick(ORDER_FATE_SHARES, count)],
        "first_line": np.cumsum(per_order) - per_order,
    }
    return orders, _draw_lines(draws, world, landing, orders, per_order)


def _draw_lines(
    draws: Draws, world: World, landing: Landing, orders: Frame, per_order: Array
) -> Frame:
    order_at = np.repeat(np.arange(len(per_order), dtype=np.int32), per_order)
    count = len(order_at)
    ordered_at = orders["ordered_at"][order_at]
    offer = world.offers.draw(draws, ordered_at)
    version = world.offers.version_at(offer, ordered_at)
    category = world.offers.category[offer]
    currency = orders["currency"][order_at]
    rate = world.eur_rate(currency, ordered_at)
    price_eur = world.offers.prices_eur[offer, version]
    lines = {
        "line": landing.reserve("order_lines", count),
        "order_at": order_at,
        "order": orders["order"][order_at],
        "customer": orders["customer"][order_at],
        "user": orders["user"][order_at],
        "country": orders["country"][order_at],
        "currency": currency,
        "ordered_at": ordered_at,
        "offer": offer,
        "supplier": world.offers.suppliers[offer, version],
        "category": category,
        "grade": world.offers.grade[offer],
        "warranty_months": world.offers.warranty_months[offer],
        "quantity": 1 + draws.pick(QUANTITY_SHARES, count),
        "price_eur": price_eur,
        "price": np.maximum(np.round(100 * price_eur / rate), 1).astype(np.int64),
        "mode": draws.pick_by_row(world.mode_upper, category),
    }
    _ship(draws, world, lines)
    _decide_states(draws, world, orders, lines)
    return lines


def _ship(draws: Draws, world: World, lines: Frame) -> None:
    """Moments of the outbound journey, as if nothing went wrong and the data never ended."""
    count, mode, ordered_at = len(lines["offer"]), lines["mode"], lines["ordered_at"]
    handling = world.suppliers.handling_days[lines["supplier"]]
    lines["shipped_at"] = ordered_at + 3600 + draws.days_lognormal(handling, 0.5, count)
    transit = draws.days_lognormal(MODE_DAYS[mode], 0.45, count)
    lines["would_arrive_at"] = lines["shipped_at"] + transit + 3600
    promised = seconds(PROMISED_DAYS[mode])
    lines["promised_at"] = (ordered_at + promised) // DAY * DAY + 18 * 3600


def _decide_states(draws: Draws, world: World, orders: Frame, lines: Frame) -> None:
    """State of each line when the data ends, before returns are known."""
    end, count = world.clock.end, len(lines["offer"])
    state = np.array(LINE_FATES)[draws.pick(LINE_FATE_SHARES, count)]
    order_fate = orders["fate"][lines["order_at"]]
    state = np.where(order_fate != words.SHIPPED, order_fate, state)
    settled_at = lines["ordered_at"] + draws.days_uniform(0.2, 4, count)
    early = draws.pick((0.15, 0.10, 0.25, 0.50), count)
    waiting = np.array((words.NEW, words.PENDING, words.PAID, words.ACCEPTED))[early]
    is_waiting = np.where(state == words.SHIPPED, lines["shipped_at"], settled_at) > end
    is_waiting &= np.isin(state, LINE_FATES)
    lines["settled_at"] = settled_at
    lines["state"] = np.where(is_waiting, waiting, state).astype(np.int8)
    lines["is_shipped"] = lines["state"] == words.SHIPPED


def write_orders(draws: Draws, landing: Landing, orders: Frame, lines: Frame) -> None:
    """Rows of orders and order lines."""
    first_state = lines["state"][orders["first_line"]]
    is_done = np.isin(first_state, (words.SHIPPED, words.REFUNDED_AFTER))
    is_cancelled = np.isin(first_state, (words.CANCELLED, words.REFUNDED_BEFORE, words.UNPAID))
    orders["status"] = np.where(is_done, 1, np.where(is_cancelled, 2, 0)).astype(np.int8)
    columns = ("order", "customer", "ordered_at", "status", "currency", "country")
    landing.append("orders", {name: orders[name] for name in columns})
    is_promised = draws.chance(0.97, len(lines["line"]))
    columns = ("line", "order", "offer", "quantity", "price", "state")
    landing.append(
        "order_lines",
        {name: lines[name] for name in columns}
        | {"promised_at": np.where(is_promised, lines["promised_at"], NONE)},
    )


def write_payments(
    draws: Draws, world: World, landing: Landing, orders: Frame, lines: Frame
) -> None:
    """One payment an order; some are part voucher, and unpaid orders hold a failed payment."""
    count = len(orders["order"])
    total = np.add.reduceat(lines["price"] * lines["quantity"], orders["first_line"])
    is_unpaid = orders["fate"] == words.UNPAID
    voucher = np.where(draws.chance(0.03, count) & ~is_unpaid, np.minimum(total // 2, 2_000), 0)
    paid_at = np.minimum(
        orders["ordered_at"] + draws.days_exponential(0.01, count), world.clock.end
    )
    chosen = np.concatenate([np.arange(count), np.flatnonzero(voucher)])
    is_voucher = np.arange(len(chosen)) >= count
    method = np.where(is_voucher, 3, draws.pick((0.72, 0.18, 0.10), len(chosen)))
    landing.append(
        "payments",
        {
            "payment": landing.reserve("payments", len(chosen)),
            "order": orders["order"][chosen],
            "method": method.astype(np.int8),
            "amount": np.where(is_voucher, voucher[chosen], (total - voucher)[chosen]),
            "currency": orders["currency"][chosen],
            "paid_at": np.where(is_unpaid[chosen], NONE, paid_at[chosen]),
            "status": is_unpaid[chosen].astype(np.int8),
        },
    )


def write_outbound(draws: Draws, world: World, landing: Landing, lines: Frame) -> None:
    """Outbound parcels: one a shipped line, two for some lines of several units."""
    shipped = np.flatnonzero(lines["is_shipped"])
    is_split = (lines["quantity"][shipped] > 1) & draws.chance(SECOND_PARCEL_SHARE, len(shipped))
    later = np.concatenate([np.zeros(len(shipped), dtype=np.int64), np.full(is_split.sum(), DAY)])
    line = np.concatenate([shipped, shipped[is_split]])
    shipped_at = lines["shipped_at"][line] + later
    arrives_at = lines["would_arrive_at"][line] + later
    is_there = shipped_at <= world.clock.end
    line, shipped_at, arrives_at = line[is_there], shipped_at[is_there], arrives_at[is_there]
    is_missing = lines["is_undelivered"][line]
    is_known = draws.chance(0.985, len(line))
    mode = lines["mode"][line]
    write_parcels(
        draws,
        world,
        landing,
        {
            "line": lines["line"][line],
            "return": np.full(len(line), NONE, dtype=np.int64),
            "leg": np.full(len(line), words.OUTBOUND, dtype=np.int8),
            "mode": np.where(is_known, mode, NONE).astype(np.int8),
            "shipped_at": shipped_at,
            "delivered_at": np.where(is_missing, NONE, arrives_at),
            "promised_at": lines["promised_at"][line],
            "is_damaged": lines["is_damaged"][line] & ~is_missing,
            "is_lost": lines["is_lost"][line],
            "cost": cost_in(world, lines["currency"][line], shipped_at, MODE_COSTS[mode]),
        },
    )


def write_parcels(draws: Draws, world: World, landing: Landing, parcels: Frame) -> None:
    """Rows of parcels that have left; what happens after the end of the data is not known yet."""
    is_there = parcels["shipped_at"] <= world.clock.end
    parcels = {name: column[is_there] for name, column in parcels.items()}
    count = len(parcels["line"])
    delivered_at = censor(parcels["delivered_at"], world.clock.end)
    landing.append(
        "shipments",
        parcels
        | {
            "shipment": landing.reserve("shipments", count),
            "carrier": np.where(
                parcels["mode"] == NONE, NONE, draws.pick((0.4, 0.25, 0.2, 0.15), count)
            ).astype(np.int8),
            "delivered_at": delivered_at,
            "is_damaged": np.where(delivered_at == NONE, NONE, parcels["is_damaged"]).astype(
                np.int8
            ),
        },
    )


def write_early_refunds(landing: Landing, lines: Frame) -> None:
    """Refunds of whole lines that never shipped."""
    refunded = np.flatnonzero(lines["state"] == words.REFUNDED_BEFORE)
    landing.append(
        "refunds",
        {
            "refund": landing.reserve("refunds", len(refunded)),
            "line": lines["line"][refunded],
            "return": np.full(len(refunded), NONE, dtype=np.int64),
            "kind": np.full(len(refunded), words.BEFORE_SHIPPING, dtype=np.int8),
            "amount": (lines["price"] * lines["quantity"])[refunded],
            "currency": lines["currency"][refunded],
            "refunded_at": lines["settled_at"][refunded],
        },
    )


def cost_in(world: World, currency: Array, moment: Array, cents_eur: Array) -> Array:
    """Cents of a currency that are worth some cents of a euro."""
    rate = world.eur_rate(currency, np.minimum(moment, world.clock.end))
    return np.round(cents_eur / rate).astype(np.int64)


def censor(moment: Array, end: int) -> Array:
    """Moments, NONE for what happens after the end of the data."""
    return np.where(moment > end, NONE, moment)
