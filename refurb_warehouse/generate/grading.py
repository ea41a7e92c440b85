"""Evaluations of devices by refurbishers, the model's suggestions, corrections and audits."""

from __future__ import annotations

import numpy as np

from refurb_warehouse.generate import vocabulary as words
from refurb_warehouse.generate.catalogue import World
from refurb_warehouse.generate.contacts import EVALUATION_SUBJECT, append_claims
from refurb_warehouse.generate.draws import DAY, Array, Draws
from refurb_warehouse.generate.landing import Landing
from refurb_warehouse.generate.orders import Frame, censor
from refurb_warehouse.generate.vocabulary import NONE

EVALUATIONS_PER_LINE = 0.3
UNDERGRADING = 0.04
TWO_GRADES_TOO_HIGH = 0.12  # of the devices graded too high
SUGGESTED_SHARE = 0.92
MODEL_ACCURACY = np.array((0.78, 0.83, 0.88))  # by model version
AUDITED_SHARE = 0.25
CONTESTED_SHARE = 0.02
DRIFTED_SHARE = 0.5  # of the devices of the month of drift, one grade worse than announced
PRICE_CHANGED_SHARE = 0.2


def write_evaluations(draws: Draws, world: World, landing: Landing, lines: int) -> None:
    """Evaluations in proportion to lines, with their corrections, audits and contestations."""
    count = int(draws.rng.binomial(lines, EVALUATIONS_PER_LINE))
    evaluations, truth = _draw_evaluations(draws, world, count)
    evaluations["evaluation"] = landing.reserve("product_evaluations", count)
    landing.append("product_evaluations", evaluations | _checks(draws, truth))
    _write_corrections(draws, world, landing, evaluations)
    _write_audits(draws, world, landing, evaluations, truth)
    _write_contestations(draws, world, landing, evaluations)


def _draw_evaluations(draws: Draws, world: World, count: int) -> tuple[Frame, Array]:
    """Evaluations and the true grades behind them."""
    evaluated_at = world.clock.draw(draws, count)
    offer = world.offers.draw(draws, evaluated_at)
    version = world.offers.version_at(offer, evaluated_at)
    supplier = world.offers.suppliers[offer, version]
    assigned = _clip(world.offers.grade[offer] + _step(draws, 0.06, 0.06, count))
    truth = _true_grades(draws, world.suppliers.overgrading[supplier], assigned)
    truth = _drifted(draws, world, truth, evaluated_at)
    span = (evaluated_at - world.clock.start) / (world.clock.end - world.clock.start)
    model = np.minimum((3 * span).astype(np.int8), 2)
    miss = (1 - MODEL_ACCURACY[model]) / 2
    suggested = _clip(truth + _step(draws, miss, miss, count))
    is_suggested = draws.chance(SUGGESTED_SHARE, count)
    gap = np.where(is_suggested, np.abs(assigned - suggested), 0)
    justified_at = evaluated_at + draws.days_exponential(1.5, count)
    is_justified = (gap > 2) & (justified_at <= world.clock.end) & draws.chance(0.8, count)
    accepted = np.where(draws.chance(0.7, count), 1, 2)
    decision = np.where(gap == 0, 0, np.where(gap <= 2, accepted, np.where(is_justified, 3, 4)))
    is_measured = draws.chance(0.9, count)
    battery = np.clip(80 + 4 * truth + 5 * draws.rng.standard_normal(count), 20, 100)
    evaluations = {
        "offer": offer,
        "has_serial": draws.chance(0.98, count),
        "screen": _state(draws, truth, count),
        "body": _state(draws, truth, count),
        "battery": np.where(is_measured, np.round(battery * 10), NONE).astype(np.int64),
        "assigned": assigned,
        "suggested": np.where(is_suggested, suggested, NONE).astype(np.int8),
        "model": np.where(is_suggested, model, NONE).astype(np.int8),
        "decision": decision.astype(np.int8),
        "justified_at": np.where(is_justified, justified_at, NONE),
        "photos": draws.whole(count, 2, 9),
        "evaluated_at": evaluated_at,
        "price": np.round(100 * world.offers.prices_eur[offer, version]).astype(np.int64),
    }
    return evaluations, truth


def _true_grades(draws: Draws, overgrading: Array, assigned: Array) -> Array:
    """Grades that a laboratory would find: below the assigned one where graded too high."""
    draw = draws.uniform(len(assigned))
    below = (draw < overgrading).astype(np.int8) + (draw < overgrading * TWO_GRADES_TOO_HIGH)
    return _clip(assigned - below + (draw > 1 - UNDERGRADING))


def _drifted(draws: Draws, world: World, truth: Array, evaluated_at: Array) -> Array:
    """True grades, worse in the month in which a drift is planted, if one is."""
    month = world.settings.grading_drift
    if month is None:
        return truth
    at = world.clock.months.index(month)
    is_worse = draws.chance(DRIFTED_SHARE, len(truth)) & (world.clock.month_of(evaluated_at) == at)
    return _clip(truth - is_worse)


def _step(draws: Draws, down: Array | float, up: Array | float, count: int) -> Array:
    """-1, 0 or 1 with the given shares of -1 and 1."""
    draw = draws.uniform(count)
    return (draw > 1 - np.asarray(up)).astype(np.int8) - (draw < down).astype(np.int8)


def _clip(grade: Array) -> Array:
    return np.clip(grade, 0, len(words.GRADES) - 1).astype(np.int8)


def _state(draws: Draws, truth: Array, count: int) -> Array:
    """State 1 to 4 of a part: hardly below the true grade, which the worse part sets; some are
    not looked at."""
    state = 1 + _clip(truth + _step(draws, 0.02, 0.2, count))
    return np.where(draws.chance(0.98, count), state, NONE).astype(np.int8)


def _checks(draws: Draws, truth: Array) -> Frame:
    """Ten checks: 1 passed, 0 failed, NONE not tested; broken devices fail more often."""
    failing = np.where(truth == 0, 0.25, 0.015)
    checks = {}
    for name in words.CHECKS:
        draw = draws.uniform(len(truth))
        result = np.where(draw < failing, 0, 1)
        checks[f"check_{name}"] = np.where(draw > 0.975, NONE, result).astype(np.int8)
    return checks


def _write_corrections(draws: Draws, world: World, landing: Landing, evaluations: Frame) -> None:
    chosen = np.flatnonzero(evaluations["decision"] > 0)
    count = len(chosen)
    done_at = evaluations["evaluated_at"][chosen] + draws.days_exponential(1.0, count) + 60
    status = evaluations["decision"][chosen] - 1
    status = np.where(done_at > world.clock.end, 3, status)
    is_corrected, is_pending = status == 0, status == 3
    before = evaluations["price"][chosen]
    after = np.round(before * draws.uniform(count, 0.82, 0.98)).astype(np.int64)
    is_repriced = is_corrected & draws.chance(PRICE_CHANGED_SHARE, count)
    grade = evaluations["assigned"][chosen]
    grade_after = np.where(is_corrected, evaluations["suggested"][chosen], grade)
    landing.append(
        "grade_corrections",
        {
            "correction": landing.reserve("grade_corrections", count),
            "evaluation": evaluations["evaluation"][chosen],
            "before": grade,
            "after": np.where(is_pending, NONE, grade_after).astype(np.int8),
            "price_before": before,
            "price_after": np.where(is_repriced, after, NONE),
            "status": status.astype(np.int8),
            "corrected_at": np.where(is_pending, NONE, done_at),
        },
    )


def _write_audits(
    draws: Draws, world: World, landing: Landing, evaluations: Frame, truth: Array
) -> None:
    audited_at = evaluations["evaluated_at"] + draws.days_uniform(1, 15, len(truth))
    is_audited = draws.chance(AUDITED_SHARE, len(truth)) & (audited_at <= world.clock.end)
    chosen = np.flatnonzero(is_audited)
    landing.append(
        "grade_audits",
        {
            "audit": landing.reserve("grade_audits", len(chosen)),
            "evaluation": evaluations["evaluation"][chosen],
            "verified": truth[chosen],
            "audited_at": audited_at[chosen],
        },
    )


def _write_contestations(draws: Draws, world: World, landing: Landing, evaluations: Frame) -> None:
    opened_at = evaluations["evaluated_at"] + draws.days_exponential(20, len(evaluations["offer"]))
    opened_at = censor(opened_at + DAY, world.clock.end)
    is_contested = draws.chance(CONTESTED_SHARE, len(opened_at)) & (opened_at != NONE)
    chosen = np.flatnonzero(is_contested)
    claims = {
        "subject_type": np.full(len(chosen), EVALUATION_SUBJECT, dtype=np.int8),
        "subject": evaluations["evaluation"][chosen],
        "kind": np.full(len(chosen), words.GRADE_CONTESTED, dtype=np.int8),
        "opened_at": opened_at[chosen],
    }
    append_claims(draws, world, landing, claims)
