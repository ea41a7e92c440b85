"""The marketplace at work: batches of orders and everything that follows from them.

A chunk is a group of new people with all their orders, so chunks know nothing of each other and
memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from refurb_warehouse.generate import aftersales, contacts, grading, opinions, orders, traffic
from refurb_warehouse.generate import vocabulary as words
from refurb_warehouse.generate.catalogue import NEVER, World, offer_ends
from refurb_warehouse.generate.draws import DAY, Draws
from refurb_warehouse.generate.hazards import line_risks
from refurb_warehouse.generate.landing import Landing
from refurb_warehouse.generate.orders import LINES_PER_BUYER, Frame
from refurb_warehouse.generate.truth import Truth

ORDERS_PER_PERSON_AT_MOST = 6
# Below this many lines the rest is filled with people of one line each, to hit the number.
LAST_LINES = 2_000
FX_MISSING_SHARE = 0.03  # of week-end days


@dataclass(frozen=True)
class Simulation:
    """A marketplace that takes orders: rows go to `landing`, probabilities to `truth`."""

    world: World
    landing: Landing
    truth: Truth

    def run(self, advance: Callable[[int], None]) -> None:
        """Land every table that grows with orders, with exactly as many lines as asked for."""
        settings = self.world.settings
        chunk, missing = 0, settings.order_lines
        while missing:
            chunk += 1
            draws = Draws(settings.seed, 2, chunk)
            written = self._take_people(draws, min(missing, settings.chunk_lines))
            missing -= written
            advance(written)

    def _take_people(self, draws: Draws, budget: int) -> int:
        """New people and all their orders, at most `budget` lines; how many lines there were."""
        world, landing = self.world, self.landing
        count = budget if budget <= LAST_LINES else int(budget / LINES_PER_BUYER)
        people = buyers = orders.first_buyers(draws, world, landing, count)
        written = 0
        for order_number in range(1, ORDERS_PER_PERSON_AT_MOST + 1):
            placed, lines = orders.draw_orders(draws, world, landing, buyers, budget - written)
            self._follow(draws, placed, lines)
            buyers, is_again = opinions.draw_next_orders(
                draws, world, landing, lines, placed, order_number
            )
            if order_number == 1:
                served = people.take(np.arange(len(is_again)))
                orders.write_people(draws, world, landing, served, is_again)
            written += len(lines["line"])
            if written == budget or len(buyers.customer) == 0:
                break
        return written

    def _follow(self, draws: Draws, placed: Frame, lines: Frame) -> None:
        """Everything that follows from a batch of orders, none of which is of the same person."""
        world, landing = self.world, self.landing
        lag = aftersales.draw_diagnosis_lag(draws, world, lines)
        risks = line_risks(world, lines, lag)
        self.truth.add(lines, risks)
        returns = aftersales.draw_returns(draws, world, lines, risks)
        orders.write_orders(draws, landing, placed, lines)
        orders.write_payments(draws, world, landing, placed, lines)
        orders.write_outbound(draws, world, landing, lines)
        orders.write_early_refunds(landing, lines)
        aftersales.write_returns(draws, world, landing, lines, returns)
        claims = contacts.write_claims(draws, world, landing, lines)
        contacts.write_messages(draws, world, landing, returns, claims)
        opinions.write_ratings(draws, world, landing, lines)
        opinions.write_supplier_ratings(draws, world, landing, lines, returns)
        opinions.write_reviews(draws, world, landing, len(lines["line"]))
        grading.write_evaluations(draws, world, landing, len(lines["line"]))
        traffic.write_page_events(draws, world, landing, placed, lines)


def land_catalogue(world: World, landing: Landing) -> None:
    """Rows of suppliers, products, offers and exchange rates."""
    _land_suppliers(world, landing)
    _land_products(world, landing)
    _land_offers(world, landing)
    _land_eur_rates(world, landing)


def _land_suppliers(world: World, landing: Landing) -> None:
    suppliers, count = world.suppliers, len(world.suppliers)
    landing.append(
        "suppliers",
        {
            "supplier": np.arange(count),
            "name": np.array([_supplier_name(at) for at in range(count)], dtype=object),
            "kind": suppliers.kind,
            "country": suppliers.country,
            "onboarded_at": suppliers.onboarded_at,
            "is_active": suppliers.is_active,
        },
    )


def _supplier_name(at: int) -> str:
    """An invented name, no two alike."""
    first, last = words.SUPPLIER_FIRST, words.SUPPLIER_LAST
    series, rest = divmod(at, len(first) * len(last))
    name = f"{first[rest % len(first)]} {last[(rest * 7 + rest // len(first)) % len(last)]}"
    return f"{name} {series + 1}" if series else name


def _land_products(world: World, landing: Landing) -> None:
    products = world.products
    names = zip(products.model_word, products.model_number, products.model_suffix, strict=True)
    models = [
        f"{words.MODEL_WORDS[word]} {number}{words.MODEL_SUFFIXES[suffix]}"
        for word, number, suffix in names
    ]
    categories = [words.CATEGORIES[code][0] for code in products.category]
    landing.append(
        "products",
        {
            "product": np.arange(len(models)),
            "category": np.array(categories, dtype=object),
            "brand": np.array([words.BRANDS[code] for code in products.brand], dtype=object),
            "model": np.array(models, dtype=object),
            "storage_gb": products.storage_gb,
            "is_unlocked": products.is_unlocked,
        },
    )


def _land_offers(world: World, landing: Landing) -> None:
    offers = world.offers
    offer, version = np.nonzero(offers.starts < NEVER)
    rate = world.eur_rates[offers.currency[offer], 0]
    landing.append(
        "product_lists",
        {
            "offer": offer,
            "product": offers.product[offer],
            "supplier": offers.suppliers[offer, version],
            "grade": offers.grade[offer],
            "price": np.round(100 * offers.prices_eur[offer, version] / rate).astype(np.int64),
            "currency": offers.currency[offer],
            "warranty_months": offers.warranty_months[offer],
            "valid_from": offers.starts[offer, version],
            "valid_to": offer_ends(offers)[offer, version],
        },
    )


def _land_eur_rates(world: World, landing: Landing) -> None:
    """Rates of the foreign currencies; a few week-end days are missing."""
    draws = Draws(world.settings.seed, 3)
    currencies, days = world.eur_rates.shape
    currency, day = np.divmod(np.arange(days, currencies * days), days)
    moment = world.rates_from + day * DAY
    is_weekend = (moment // DAY + 3) % 7 >= 5  # 1970-01-01 was a Thursday
    is_there = ~(is_weekend & draws.chance(FX_MISSING_SHARE, len(day)))
    landing.append(
        "fx_rates",
        {
            "currency": currency[is_there].astype(np.int8),
            "day": (moment // DAY)[is_there],
            "rate": np.round(world.eur_rates[currency, day][is_there] * 10**8).astype(np.int64),
        },
    )


def land_declarations(world: World, landing: Landing, truth: Truth) -> None:
    """What suppliers declare each month: near the truth, often a little flattering."""
    draws = Draws(world.settings.seed, 4)
    supplier, month = np.nonzero(truth.units)
    units = truth.units[supplier, month]
    rate = truth.expected["returned_by_end"][supplier, month] / units
    months = np.array(world.clock.months, dtype="datetime64[D]").astype(np.int64)
    landing.append(
        "supplier_performance",
        {
            "supplier": supplier,
            "month": months[month],
            "rate": np.round(np.clip(rate * draws.uniform(len(units), 0.7, 1.08), 0, 1) * 10**4),
            "units": np.round(units * draws.uniform(len(units), 0.97, 1.03)).astype(np.int64),
        },
    )
