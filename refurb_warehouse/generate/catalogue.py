"""Suppliers, products and offers, with the qualities planted in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refurb_warehouse.generate import vocabulary as words
from refurb_warehouse.generate.clock import Clock
from refurb_warehouse.generate.draws import DAY, Array, Draws, Shares, cumulative
from refurb_warehouse.generate.parameters import Settings

VERSIONS = 4
NEVER = np.iinfo(np.int64).max
VERSION_SHARES = (0.55, 0.25, 0.13, 0.07)
GRADE_SHARES = (0.02, 0.25, 0.45, 0.28)
GRADE_PRICES = np.array([0.35, 0.78, 0.90, 1.0])
TINY_SHARE = 0.12
FRAGILE_SPECIALIST_EVERY = 20
LATE_OFFER_SHARE = 0.2
MOVED_OFFER_SHARE = 0.04


@dataclass
class Suppliers:
    """One element per supplier; the planted qualities are multipliers unless said otherwise."""

    weight: Array  # share of sales
    is_tiny: Array
    is_fragile_specialist: Array  # sells fragile categories, yet is an average supplier
    defects: Array  # of early and wear defects
    defect_trend: Array  # change of `defects` per year, as a share
    stock_mistakes: Array
    overgrading: Array  # share of devices graded one grade too high
    no_fault: Array  # share of defect returns where no fault is found
    refusals: Array
    repeats: Array  # share of repaired units that fail again, before the workshop's effect
    handling_days: Array  # median days from order to shipping
    service_speed: Array  # of the duration of after-sales work
    workshop: Array
    satisfaction: Array  # shift of ratings, in points
    category_upper: Array  # cumulative share of sales by category
    country: Array
    kind: Array
    onboarded_at: Array
    is_active: Array

    def __len__(self) -> int:
        return len(self.weight)


@dataclass
class Workshops:
    """One element per workshop; multipliers."""

    repeats: Array
    speed: Array


@dataclass
class Products:
    """One element per product."""

    category: Array
    brand: Array
    model_word: Array
    model_number: Array
    model_suffix: Array
    storage_gb: Array
    is_unlocked: Array
    price_eur: Array
    popularity: list[Array]  # by category: shares of its products
    of_category: list[Array]  # by category: its products


@dataclass
class Offers:
    """One row per offer, one column per version; unused versions start NEVER."""

    product: Array
    category: Array
    grade: Array
    warranty_months: Array
    currency: Array
    starts: Array
    suppliers: Array
    prices_eur: Array
    fallback: Array  # offer of the same supplier that is always on sale
    shares: Shares  # of sales

    def version_at(self, offer: Array, moment: Array) -> Array:
        """Version of each offer that is valid at each moment."""
        version = np.zeros(len(offer), dtype=np.int8)
        for column in range(1, VERSIONS):
            version += moment >= self.starts[offer, column]
        return version

    def draw(self, draws: Draws, moment: Array) -> Array:
        """An offer that is on sale at each moment, in proportion to sales."""
        offer = draws.pick(self.shares, len(moment))
        return np.where(moment < self.starts[offer, 0], self.fallback[offer], offer)


@dataclass
class World:
    """Everything that is fixed before the first order."""

    settings: Settings
    clock: Clock
    fragility: Array  # by category
    mode_upper: Array  # by category: cumulative share of transport modes
    defect_type_upper: Array  # by category
    suppliers: Suppliers
    workshops: Workshops
    products: Products
    offers: Offers
    eur_rates: Array  # by currency and day
    rates_from: int  # first moment of `eur_rates`

    def eur_rate(self, currency: Array, moment: Array) -> Array:
        """Euros for one unit of each currency on each UTC day."""
        day = (moment - self.rates_from) // DAY
        return self.eur_rates[currency, np.minimum(day, self.eur_rates.shape[1] - 1)]


def build_world(settings: Settings) -> World:
    """Draw the catalogue of a run."""
    draws = Draws(settings.seed, 0)
    clock = Clock(settings.last_day, settings.months)
    categories = words.CATEGORIES[: settings.categories]
    popularity = np.array([share for _, share, _, _, _ in categories])
    fragility = np.array([fragile for _, _, fragile, _, _ in categories])
    workshops = _draw_workshops(draws, settings.suppliers)
    suppliers = _draw_suppliers(draws, settings, clock, popularity, fragility, len(workshops.speed))
    products = _draw_products(draws, settings.products, popularity)
    rates_from = clock.start // DAY * DAY - 7 * DAY
    return World(
        settings=settings,
        clock=clock,
        fragility=fragility,
        mode_upper=cumulative(np.array([modes for *_, modes in categories])),
        defect_type_upper=cumulative(draws.lognormal(1.0, 0.6, len(categories) * 8).reshape(-1, 8)),
        suppliers=suppliers,
        workshops=workshops,
        products=products,
        offers=_draw_offers(draws, settings.offers, clock, suppliers, products),
        eur_rates=_draw_eur_rates(draws, (clock.end - rates_from) // DAY + 1),
        rates_from=rates_from,
    )


def _draw_workshops(draws: Draws, suppliers: int) -> Workshops:
    count = max(3, suppliers // 10)
    return Workshops(
        repeats=draws.lognormal(1.0, 0.35, count), speed=draws.lognormal(1.0, 0.2, count)
    )


def _draw_suppliers(
    draws: Draws,
    settings: Settings,
    clock: Clock,
    popularity: Array,
    fragility: Array,
    workshops: int,
) -> Suppliers:
    count = settings.suppliers
    weight, is_tiny = _supplier_weights(draws, count, settings.order_lines)
    position = np.arange(count)
    is_fragile = (position % FRAGILE_SPECIALIST_EVERY == 3) & ~is_tiny
    defects = np.where(is_fragile, 1.0, _stratified_lognormal(draws, count, 0.55))
    trend = np.where(draws.chance(0.1, count) & ~is_fragile, draws.uniform(count, -0.2, 0.4), 0.0)
    return Suppliers(
        weight=weight,
        is_tiny=is_tiny,
        is_fragile_specialist=is_fragile,
        defects=defects,
        defect_trend=trend,
        stock_mistakes=draws.lognormal(1.0, 0.5, count),
        overgrading=np.clip(draws.lognormal(0.09, 0.6, count), 0.02, 0.40),
        no_fault=draws.uniform(count, 0.06, 0.24),
        refusals=draws.lognormal(1.0, 0.5, count),
        repeats=np.clip(draws.lognormal(0.11, 0.45, count), 0.02, 0.40),
        handling_days=draws.lognormal(1.1, 0.35, count),
        service_speed=draws.lognormal(1.0, 0.3, count),
        workshop=draws.whole(count, 0, workshops),
        satisfaction=0.25 * draws.rng.standard_normal(count) - 0.25 * np.log(defects),
        category_upper=_supplier_categories(draws, is_fragile, popularity, fragility),
        country=draws.pick(words.COUNTRY_SHARES, count).astype(np.int8),
        kind=draws.pick((0.6, 0.15, 0.25), count).astype(np.int8),
        onboarded_at=clock.start - draws.days_uniform(100, 1500, count),
        is_active=draws.chance(0.95, count),
    )


def _supplier_weights(draws: Draws, count: int, order_lines: int) -> tuple[Array, Array]:
    """Zipf-shaped shares of sales, the last suppliers being tiny: 3 to 40 order lines."""
    tiny = max(2, round(count * TINY_SHARE))
    weight = (np.arange(count) + 2.0) ** -0.9
    is_tiny = np.arange(count) >= count - tiny
    weight[~is_tiny] /= weight[~is_tiny].sum()
    lines = np.exp(draws.uniform(tiny, np.log(3.5), np.log(min(40, 6 + order_lines / 5_000))))
    weight[is_tiny] = np.minimum(lines / order_lines, weight[~is_tiny][-1])
    return weight / weight.sum(), is_tiny


def _stratified_lognormal(draws: Draws, count: int, sigma: float) -> Array:
    """Lognormal numbers of median 1 that fill the distribution evenly even for a few."""
    level = (np.arange(count) + 0.5) / count
    # Logistic quantiles, scaled to the spread of the normal: no need of an inverse error function.
    normal = np.log(level / (1 - level)) * np.sqrt(3) / np.pi
    return np.exp(sigma * draws.rng.permutation(normal))


def _supplier_categories(
    draws: Draws, is_fragile: Array, popularity: Array, fragility: Array
) -> Array:
    """Each supplier sells two to five categories; fragile specialists mostly fragile ones."""
    count, categories = len(is_fragile), len(popularity)
    appeal = popularity * draws.lognormal(1.0, 0.9, count * categories).reshape(count, categories)
    breadth = draws.whole(count, 2, 6)
    rank = np.argsort(np.argsort(-appeal, axis=1), axis=1)
    shares = np.where(rank < breadth[:, None], appeal, 0.0)
    shares /= shares.sum(axis=1, keepdims=True)
    most_fragile = np.argsort(-fragility)[:2]
    shares[is_fragile] *= 0.15
    shares[np.ix_(is_fragile, most_fragile)] += 0.425
    return cumulative(shares)


def _draw_products(draws: Draws, count: int, popularity: Array) -> Products:
    categories = len(popularity)
    # Every category has a product; the others follow popularity.
    category = np.concatenate(
        [np.arange(categories), draws.pick(popularity, count - categories)]
    ).astype(np.int8)
    typical = np.array([price for _, _, _, price, _ in words.CATEGORIES], dtype=float)
    of_category = [np.flatnonzero(category == code) for code in range(categories)]
    has_storage = np.isin(category, (0, 1, 2, 6, 9))
    return Products(
        category=category,
        brand=draws.whole(count, 0, len(words.BRANDS)),
        model_word=draws.whole(count, 0, len(words.MODEL_WORDS)),
        model_number=draws.whole(count, 5, 18),
        model_suffix=draws.whole(count, 0, len(words.MODEL_SUFFIXES)),
        storage_gb=np.where(
            has_storage,
            np.array(words.STORAGE_GB)[draws.whole(count, 0, len(words.STORAGE_GB))],
            words.NONE,
        ).astype(np.int32),
        is_unlocked=np.where(category == 0, draws.chance(0.9, count), words.NONE).astype(np.int8),
        price_eur=typical[category] * draws.lognormal(1.0, 0.35, count),
        popularity=[(np.arange(len(members)) + 1.5) ** -0.9 for members in of_category],
        of_category=of_category,
    )


def _draw_offers(
    draws: Draws, wanted: int, clock: Clock, suppliers: Suppliers, products: Products
) -> Offers:
    per_supplier = np.maximum(2, np.round(wanted * suppliers.weight)).astype(int)
    supplier = np.repeat(np.arange(len(suppliers)), per_supplier).astype(np.int32)
    count = len(supplier)
    first_of_supplier = np.concatenate([[0], np.cumsum(per_supplier)[:-1]])
    fallback = first_of_supplier[supplier].astype(np.int32)
    is_fallback = fallback == np.arange(count)
    category = draws.pick_by_row(suppliers.category_upper, supplier)
    product = _offer_products(draws, category, products)
    grade = draws.pick(GRADE_SHARES, count).astype(np.int8)
    starts = _version_starts(draws, count, clock, is_fallback)
    first_price = products.price_eur[product] * GRADE_PRICES[grade] * draws.lognormal(1, 0.1, count)
    steps = np.cumprod(draws.uniform(count * VERSIONS, 0.86, 1.01).reshape(count, -1), axis=1)
    appeal = draws.lognormal(1.0, 0.8, count)
    share = suppliers.weight[supplier] * appeal / np.bincount(supplier, appeal)[supplier]
    return Offers(
        product=product,
        category=category,
        grade=grade,
        warranty_months=np.where(draws.chance(0.75, count), 12, 24).astype(np.int8),
        currency=np.where(suppliers.country[supplier] == 5, 1, 0).astype(np.int8),
        starts=starts,
        suppliers=_version_suppliers(draws, supplier, starts, is_fallback, suppliers),
        prices_eur=np.maximum(first_price[:, None] * steps, 15.0),
        fallback=fallback,
        shares=Shares(share),
    )


def _offer_products(draws: Draws, category: Array, products: Products) -> Array:
    product = np.empty(len(category), dtype=np.int32)
    for code, members in enumerate(products.of_category):
        is_here = category == code
        chosen = draws.pick(products.popularity[code], int(is_here.sum()))
        product[is_here] = members[chosen]
    return product


def _version_starts(draws: Draws, count: int, clock: Clock, is_fallback: Array) -> Array:
    """Start of each version: the first before the data, or later for some; then price changes."""
    is_late = draws.chance(LATE_OFFER_SHARE, count) & ~is_fallback
    span = clock.end - clock.start
    early = clock.start - draws.days_uniform(1, 90, count)
    late = clock.start + (span * draws.uniform(count, 0.05, 0.8)).astype(np.int64)
    first = np.where(is_late, late, early)
    versions = 1 + draws.pick(VERSION_SHARES, count)
    begin = np.maximum(first, clock.start)
    changes = np.sort(draws.uniform(count * (VERSIONS - 1)).reshape(count, -1), axis=1)
    changes = begin[:, None] + ((clock.end - begin)[:, None] * changes).astype(np.int64)
    changes += 3600 * np.arange(1, VERSIONS)
    starts = np.column_stack([first, changes])
    starts[np.arange(VERSIONS) >= versions[:, None]] = NEVER
    return starts


def _version_suppliers(
    draws: Draws, supplier: Array, starts: Array, is_fallback: Array, suppliers: Suppliers
) -> Array:
    """Supplier of each version: in a few offers the last version moves to another supplier."""
    by_version = np.repeat(supplier[:, None], VERSIONS, axis=1)
    last = (starts < NEVER).sum(axis=1) - 1
    may_move = np.flatnonzero((last > 0) & ~is_fallback & ~suppliers.is_tiny[supplier])
    if len(may_move) == 0:
        return by_version
    moved = draws.rng.permutation(may_move)[: max(1, round(MOVED_OFFER_SHARE * len(may_move)))]
    large = np.flatnonzero(~suppliers.is_tiny)
    step = draws.whole(len(moved), 1, max(2, len(large)))
    by_version[moved, last[moved]] = large[(supplier[moved] + step) % len(large)]
    return by_version


def _draw_eur_rates(draws: Draws, days: int) -> Array:
    """Daily rates, a random walk around the first rate; the euro is always 1."""
    first = np.array(words.FIRST_EUR_RATES)
    steps = 0.003 * draws.rng.standard_normal((len(first), days))
    steps[0] = 0.0
    return np.round(first[:, None] * np.exp(np.cumsum(steps, axis=1)), 6)


def offer_ends(offers: Offers) -> Array:
    """End of each version: the start of the next, NONE for the current one."""
    following = np.column_stack([offers.starts[:, 1:], np.full(len(offers.starts), NEVER)])
    return np.where(following == NEVER, words.NONE, following)
