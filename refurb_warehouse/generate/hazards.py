"""Why and when a unit first comes back: the planted probabilities.

Each shipped unit draws at most one cause of first return, on its own; given the cause, the time
since delivery follows a Weibull distribution cut at the cause's latest day. Early defects have a
falling hazard and wear a rising one: together the bathtub curve. Later returns of the same unit
follow from its repair and never change whether the unit counts as returned or as defective.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refurb_warehouse.generate.catalogue import World
from refurb_warehouse.generate.draws import DAY, Array, Draws, seconds

(STOCK_MISTAKE, WITHDRAWAL, UNDELIVERED, TRANSIT, EARLY, WEAR, NOT_AS_DESCRIBED, OTHER) = range(8)
CAUSES = (
    "stock_mistake",
    "withdrawal",
    "undelivered",
    "transit_damage",
    "early_defect",
    "wear_defect",
    "not_as_described",
    "other",
)
# Weibull shape, scale in days, latest day; the latest day of wear is the end of the warranty.
SHAPES = np.array([1.0, 1.3, 1.5, 0.8, 0.6, 1.7, 0.8, 1.0])
SCALES = np.array([3.0, 7.0, 8.0, 1.5, 20.0, 550.0, 4.0, 60.0])
LATEST = np.array([20.0, 30.0, 45.0, 14.0, 180.0, np.inf, 30.0, 365.0])

BASE = np.array([0.003, 0.020, 0.006, 0.007, 0.020, 0.095, 0.003, 0.003])
TRANSIT_OF_MODE = np.array([1.2, 0.5, 1.1, 0.9])  # express is the gentlest
TRANSIT_PER_DAY = 0.10  # more damage for each day over two
UNDELIVERED_OF_MODE = np.array([1.0, 0.6, 1.4, 0.9])
NOT_AS_DESCRIBED_PER_OVERGRADING = 0.045
HIGHEST_TOTAL = 0.6

# Share of transit damage by the reason that the customer gives: 21, 24, 25.
TRANSIT_REASON_SHARES = (0.55, 0.15, 0.30)
ABANDONED_SHARE = 0.03

# What the service finds: a fault of the supplier, of unknown origin, of the carrier, of the
# customer, or nothing. One row per cause that is diagnosed; no-fault shares vary by supplier.
SUPPLIER_FAULT, UNKNOWN_FAULT, CARRIER_FAULT, CUSTOMER_FAULT, NO_FAULT, NOT_LOOKED_AT = range(6)
FINDING_SHARES = {
    TRANSIT: (0.0, 0.0, 0.92, 0.0),
    EARLY: (0.90, 0.07, 0.0, 0.03),
    WEAR: (0.80, 0.06, 0.0, 0.14),
    NOT_AS_DESCRIBED: (0.70, 0.0, 0.0, 0.0),
    OTHER: (0.0, 0.10, 0.0, 0.20),
}


@dataclass
class Risks:
    """Planted probabilities of lines: `eventual` has one row per line, one column per cause."""

    eventual: Array
    weight: Array  # units of each line that count: its quantity when shipped, else 0
    available_at: Array  # clock of every cause: delivery, or what would have been it
    wear_latest: Array  # days
    within_warranty: Array  # distribution function of wear at its latest day
    no_fault: Array  # share of no-fault-found of the line's supplier
    diagnosis_lag: Array  # seconds from the request to the diagnosis

    def returned_by(self, moment: Array | int) -> tuple[Array, Array]:
        """Probability, per unit, of a first return by a moment: of any kind, of a defect."""
        days = (moment - self.available_at) / DAY
        by_cause = [
            self.eventual[:, cause] * self.elapsed_share(cause, days)
            for cause in range(len(CAUSES))
        ]
        defect = by_cause[EARLY] + by_cause[WEAR] + TRANSIT_REASON_SHARES[0] * by_cause[TRANSIT]
        return sum(by_cause), defect

    def confirmed_by(self, moment: int) -> Array:
        """Probability, per unit, that a defect of the supplier or of unknown origin is confirmed
        by a moment, on the unit's first return."""
        days = (moment - self.available_at - self.diagnosis_lag) / DAY
        confirmed = sum(
            self.eventual[:, cause]
            * self.elapsed_share(cause, days)
            * confirmed_share(cause, self.no_fault)
            for cause in FINDING_SHARES
        )
        return confirmed * (1 - ABANDONED_SHARE)

    def elapsed_share(self, cause: int, days: Array) -> Array:
        """Share of the cause's returns requested within `days` of delivery."""
        latest = self.wear_latest if cause == WEAR else LATEST[cause]
        whole = 1.0 if cause == WEAR else weibull(cause, latest)
        # On most lines most causes have run their time, and only powers are expensive.
        running = np.flatnonzero(days < latest)
        within = self._within_latest(cause)
        within[running] = weibull(cause, np.maximum(days[running], 0.0))
        return within / whole

    def _within_latest(self, cause: int) -> Array:
        """Distribution function of the cause at its latest day, for every line."""
        if cause == WEAR:
            return self.within_warranty.copy()
        return np.full(len(self.weight), weibull(cause, LATEST[[cause]]))


def weibull(cause: int, days: Array | float) -> Array:
    """Distribution function of the cause's time to return, before it is cut."""
    return -np.expm1(-((days / SCALES[cause]) ** SHAPES[cause]))


def confirmed_share(cause: int, no_fault: Array) -> Array:
    """Share of a cause's diagnoses that confirm a fault of the supplier or of unknown origin."""
    supplier, unknown, *_ = FINDING_SHARES[cause]
    return (supplier + unknown) * found_share(cause, no_fault)


def found_share(cause: int, no_fault: Array) -> Array | float:
    """Share of diagnoses of defect reasons that find something at all."""
    return 1 - no_fault if cause in (EARLY, WEAR) else 1.0


def line_risks(world: World, lines: dict[str, Array], diagnosis_lag: Array) -> Risks:
    """Probabilities of each line from its supplier, category, transport and delivery."""
    suppliers, supplier = world.suppliers, lines["supplier"]
    category, mode = lines["category"], lines["mode"]
    years = (lines["ordered_at"] - world.clock.start) / (365.25 * DAY)
    quality = suppliers.defects[supplier] * (1 + suppliers.defect_trend[supplier] * years)
    defects = np.maximum(quality, 0.1) * world.fragility[category]
    transit_days = (lines["would_arrive_at"] - lines["shipped_at"]) / DAY
    eventual = np.empty((len(supplier), len(CAUSES)), order="F")
    eventual[:] = BASE
    eventual[:, STOCK_MISTAKE] *= suppliers.stock_mistakes[supplier]
    # A parcel is lost as a whole: only lines of one unit lose one, so that units stay independent.
    eventual[:, UNDELIVERED] *= UNDELIVERED_OF_MODE[mode] * (lines["quantity"] == 1)
    eventual[:, TRANSIT] *= (
        TRANSIT_OF_MODE[mode]
        * np.sqrt(world.fragility[category])
        * (1 + TRANSIT_PER_DAY * np.maximum(transit_days - 2, 0))
    )
    eventual[:, EARLY] *= defects
    eventual[:, WEAR] *= defects
    eventual[:, NOT_AS_DESCRIBED] += (
        NOT_AS_DESCRIBED_PER_OVERGRADING * suppliers.overgrading[supplier]
    )
    eventual *= np.minimum(1.0, HIGHEST_TOTAL / eventual.sum(axis=1))[:, None]
    wear_latest = lines["warranty_months"] * (365.25 / 12)
    return Risks(
        eventual=eventual,
        weight=np.where(lines["is_shipped"], lines["quantity"], 0),
        available_at=lines["would_arrive_at"],
        wear_latest=wear_latest,
        within_warranty=weibull(WEAR, wear_latest),
        no_fault=suppliers.no_fault[supplier],
        diagnosis_lag=diagnosis_lag,
    )


def draw_first_returns(draws: Draws, risks: Risks) -> tuple[Array, Array, Array, Array]:
    """First returns of all shipped units: line, unit number, cause, moment of the request.

    Requests after the end of the data are among them; the caller censors.
    """
    line, unit = number_units(risks.weight)
    # Wear that would start after the warranty is never reported.
    upper = risks.eventual.copy(order="F")
    upper[:, WEAR] *= risks.within_warranty
    upper = np.cumsum(upper, axis=1)
    draw = draws.uniform(len(line))
    is_returned = draw < upper[line, -1]
    line, unit, draw = line[is_returned], unit[is_returned], draw[is_returned]
    cause = (draw[:, None] >= upper[line]).sum(axis=1)
    return line, unit, cause, risks.available_at[line] + _time_to_return(draws, risks, line, cause)


def number_units(quantity: Array) -> tuple[Array, Array]:
    """Line and number, from 1, of every unit."""
    line = np.repeat(np.arange(len(quantity), dtype=np.int32), quantity)
    before = np.cumsum(quantity) - quantity
    return line, (np.arange(len(line)) - before[line] + 1).astype(np.int32)


def _time_to_return(draws: Draws, risks: Risks, line: Array, cause: Array) -> Array:
    """Seconds from delivery to the request, at least one minute."""
    latest = np.where(cause == WEAR, risks.wear_latest[line], LATEST[cause])
    level = draws.uniform(len(line)) * -np.expm1(-((latest / SCALES[cause]) ** SHAPES[cause]))
    days = SCALES[cause] * (-np.log1p(-level)) ** (1 / SHAPES[cause])
    return seconds(days)


def draw_findings(draws: Draws, risks: Risks, line: Array, cause: Array) -> Array:
    """What the service finds on each returned unit, once it looks."""
    finding = np.full(len(cause), NOT_LOOKED_AT, dtype=np.int8)
    for diagnosed, shares in FINDING_SHARES.items():
        of_cause = np.flatnonzero(cause == diagnosed)
        found = draws.chance(found_share(diagnosed, risks.no_fault[line[of_cause]]), len(of_cause))
        drawn = draws.pick((*shares, max(0.0, 1 - sum(shares))), len(of_cause))
        finding[of_cause] = np.where(found, drawn, NO_FAULT)
    return finding
