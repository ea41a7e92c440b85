"""Returns and what follows from them: diagnoses, repairs, refunds, parcels, notifications."""

from __future__ import annotations

import numpy as np

from refurb_warehouse.generate import hazards
from refurb_warehouse.generate import vocabulary as words
from refurb_warehouse.generate.catalogue import World
from refurb_warehouse.generate.draws import Array, Draws, cumulative, seconds
from refurb_warehouse.generate.hazards import Risks
from refurb_warehouse.generate.landing import Landing
from refurb_warehouse.generate.orders import Frame, censor, cost_in, write_parcels
from refurb_warehouse.generate.vocabulary import NONE

RETURNS_PER_UNIT_AT_MOST = 3
DIAGNOSIS_DAYS = 6.5  # median from the request to the diagnosis
SENT_PART, RECEIVED_PART = 0.28, 0.70  # of the time to the diagnosis
ABANDONED_AFTER_DAYS = 30
UNDELIVERED_REASONS = np.array((11, 12, 13))
UNDELIVERED_REASON_SHARES = (0.2, 0.3, 0.5)
TRANSIT_REASONS = np.array((21, 24, 25))
REASON_OF_CAUSE = np.array((0, 1, 13, 21, 22, 23, 24, 25))
FAILURE_IN_WARRANTY = 23
LOST = 13

REFUSED_WITHDRAWALS = 0.03
REFUSED_CUSTOMER_FAULTS = 0.85
REFUSED_NO_FAULTS = 0.25  # times the supplier's own tendency to refuse
REFUSED_FAULTS = 0.04  # likewise

# What an accepted return leads to, by situation: shares of OUTCOMES from repaired on.
(CHANGE_OF_MIND, CARRIER_CASE, EARLY_CASE, WEAR_CASE, GRADE_CASE, NO_FAULT_CASE, GOODWILL_CASE) = (
    range(7)
)
OUTCOME_SHARES = np.array(
    (
        (0.00, 0.10, 0.90, 0.00, 0.00),
        (0.15, 0.35, 0.45, 0.05, 0.00),
        (0.42, 0.23, 0.33, 0.02, 0.00),
        (0.76, 0.08, 0.13, 0.03, 0.00),
        (0.00, 0.15, 0.50, 0.35, 0.00),
        (0.00, 0.00, 0.15, 0.10, 0.75),
        (0.70, 0.00, 0.00, 0.00, 0.30),
    )
)
NO_FAULT_BENCH_SHARE = 0.6  # of accepted no-fault cases that went over a workshop's bench
REPEAT_DAYS = 40
NO_FAULT_REPEAT_SHARE = 0.2
GOODWILL_REFUND_SHARE = 0.003
DAMAGE_NOTED_SHARE = 0.8
NOTIFIED_SHARES = (0.95, 0.90, 0.80)


def draw_diagnosis_lag(draws: Draws, world: World, lines: Frame) -> Array:
    """Seconds from the request to the diagnosis of a first return, for every line."""
    speed = world.suppliers.service_speed[lines["supplier"]]
    return draws.days_lognormal(DIAGNOSIS_DAYS * speed, 0.35, len(speed))


def draw_returns(draws: Draws, world: World, lines: Frame, risks: Risks) -> Frame:
    """Every return known when the data ends, second and third ones of a unit included.

    Marks the lines whose parcel never arrived or arrived damaged.
    """
    line, unit, cause, requested_at = hazards.draw_first_returns(draws, risks)
    first = {
        "line_at": line,
        "unit": unit,
        "cause": cause,
        "reason": _first_reasons(draws, cause, requested_at - risks.available_at[line]),
        "finding": hazards.draw_findings(draws, risks, line, cause),
        "requested_at": requested_at,
        "lag": risks.diagnosis_lag[line],
    }
    _mark_parcels(draws, lines, first)
    rounds = [_settle(draws, world, lines, _until_end(first, world))]
    for _ in range(RETURNS_PER_UNIT_AT_MOST - 1):
        again = _draw_repeats(draws, world, lines, rounds[-1])
        rounds.append(_settle(draws, world, lines, _until_end(again, world)))
    returns = {name: np.concatenate([each[name] for each in rounds]) for name in rounds[0]}
    returns["is_first"] = np.arange(len(returns["unit"])) < len(rounds[0]["unit"])
    _mark_lines(lines, returns, world.clock.end)
    return returns


def write_returns(
    draws: Draws, world: World, landing: Landing, lines: Frame, returns: Frame
) -> None:
    """Rows of all tables that hang on returns, except messages and ratings."""
    returns["return"] = landing.reserve("return_lines", len(returns["unit"]))
    _write_return_lines(world, landing, lines, returns)
    _write_defects(draws, world, landing, lines, returns)
    _write_repairs(draws, world, landing, lines, returns)
    _write_refunds(draws, world, landing, lines, returns)
    _write_service_parcels(draws, world, landing, lines, returns)
    _write_notifications(draws, world, landing, lines, returns)


def _first_reasons(draws: Draws, cause: Array, since_delivery: Array) -> Array:
    """Reason code that the customer gives."""
    reason = REASON_OF_CAUSE[cause]
    undelivered = draws.pick(UNDELIVERED_REASON_SHARES, len(cause))
    transit = draws.pick(hazards.TRANSIT_REASON_SHARES, len(cause))
    reason = np.where(cause == hazards.UNDELIVERED, UNDELIVERED_REASONS[undelivered], reason)
    reason = np.where(cause == hazards.TRANSIT, TRANSIT_REASONS[transit], reason)
    is_early = cause == hazards.EARLY
    reason = np.where(is_early & (since_delivery < seconds(2)), 21, reason)
    return np.where(is_early & (since_delivery > seconds(30)), FAILURE_IN_WARRANTY, reason)


def _mark_parcels(draws: Draws, lines: Frame, first: Frame) -> None:
    for name in ("is_undelivered", "is_lost", "is_damaged"):
        lines[name] = np.zeros(len(lines["line"]), dtype=bool)
    is_undelivered = first["cause"] == hazards.UNDELIVERED
    lines["is_undelivered"][first["line_at"][is_undelivered]] = True
    lines["is_lost"][first["line_at"][is_undelivered & (first["reason"] == LOST)]] = True
    is_noted = draws.chance(DAMAGE_NOTED_SHARE, len(first["cause"]))
    is_damaged = (first["cause"] == hazards.TRANSIT) & is_noted
    lines["is_damaged"][first["line_at"][is_damaged]] = True


def _until_end(returns: Frame, world: World) -> Frame:
    is_known = returns["requested_at"] <= world.clock.end
    return {name: column[is_known] for name, column in returns.items()}


def _settle(draws: Draws, world: World, lines: Frame, returns: Frame) -> Frame:
    """Decide each return and date every step, as if the data never ended."""
    count, line = len(returns["unit"]), returns["line_at"]
    requested_at, lag = returns["requested_at"], returns["lag"]
    is_undelivered = returns["cause"] == hazards.UNDELIVERED
    is_abandoned = draws.chance(hazards.ABANDONED_SHARE, count) & ~is_undelivered
    refusal = np.where(is_abandoned, NONE, _draw_refusals(draws, world, lines, returns))
    situation = _situations(returns)
    outcome = 1 + draws.pick_by_row(cumulative(OUTCOME_SHARES), situation)
    outcome = np.where(refusal != NONE, words.SENT_BACK, outcome)
    is_bench = (returns["finding"] == hazards.NO_FAULT) & (refusal == NONE)
    is_bench &= (outcome == words.SENT_BACK) & draws.chance(NO_FAULT_BENCH_SHARE, count)
    settled = returns | {
        "is_abandoned": is_abandoned,
        "refusal": refusal,
        "outcome": np.where(is_abandoned, words.ABANDONED, outcome).astype(np.int8),
        "has_repair": ~is_abandoned & ((outcome == words.REPAIRED) | is_bench),
        "sent_at": requested_at + (SENT_PART * lag).astype(np.int64),
        "received_at": requested_at + (RECEIVED_PART * lag).astype(np.int64),
        "diagnosed_at": requested_at + lag,
        "decided_at": requested_at + lag + draws.days_uniform(0.05, 1.2, count),
    }
    _date_the_end(draws, world, lines["supplier"][line], lines["category"][line], settled)
    return settled


def _draw_refusals(draws: Draws, world: World, lines: Frame, returns: Frame) -> Array:
    """Code of the reason to refuse each return, NONE when it is accepted."""
    finding, cause = returns["finding"], returns["cause"]
    tendency = world.suppliers.refusals[lines["supplier"][returns["line_at"]]]
    is_fault = np.isin(finding, (hazards.SUPPLIER_FAULT, hazards.UNKNOWN_FAULT))
    is_grade = cause == hazards.NOT_AS_DESCRIBED
    cases = (
        (cause == hazards.WITHDRAWAL, REFUSED_WITHDRAWALS, words.PAST_DEADLINE),
        (finding == hazards.CUSTOMER_FAULT, REFUSED_CUSTOMER_FAULTS, words.CUSTOMER_DAMAGE),
        (
            finding == hazards.NO_FAULT,
            np.minimum(REFUSED_NO_FAULTS * tendency, 0.8),
            np.where(is_grade, words.CONFORM_TO_GRADE, words.NO_FAULT_FOUND),
        ),
        (is_fault, np.minimum(REFUSED_FAULTS * tendency, 0.4), words.WARRANTY_EXCLUDED),
    )
    refusal = np.full(len(cause), NONE, dtype=np.int8)
    draw = draws.uniform(len(cause))
    for is_case, share, reason in cases:
        refusal = np.where(is_case & (draw < share), reason, refusal)
    return refusal


def _situations(returns: Frame) -> Array:
    finding, cause = returns["finding"], returns["cause"]
    situation = np.full(len(cause), CHANGE_OF_MIND, dtype=np.int8)
    is_fault = np.isin(finding, (hazards.SUPPLIER_FAULT, hazards.UNKNOWN_FAULT))
    situation[is_fault] = WEAR_CASE
    situation[is_fault & (cause == hazards.EARLY)] = EARLY_CASE
    situation[is_fault & (cause == hazards.NOT_AS_DESCRIBED)] = GRADE_CASE
    situation[finding == hazards.CARRIER_FAULT] = CARRIER_CASE
    situation[finding == hazards.CUSTOMER_FAULT] = GOODWILL_CASE
    situation[finding == hazards.NO_FAULT] = NO_FAULT_CASE
    return situation


def _date_the_end(
    draws: Draws, world: World, supplier: Array, category: Array, settled: Frame
) -> None:
    """Add when each return is repaired, refunded, back with the customer and closed."""
    count, decided_at, outcome = len(supplier), settled["decided_at"], settled["outcome"]
    workshop = _workshops(draws, world, supplier)
    speed = world.suppliers.service_speed[supplier] * world.workshops.speed[workshop]
    started_at = decided_at + draws.days_lognormal(1.6 * speed, 0.5, count)
    difficulty = np.sqrt(world.fragility[category])
    finished_at = started_at + draws.days_lognormal(1.1 * difficulty, 0.6, count)
    ready_at = np.where(settled["has_repair"], finished_at, decided_at)
    back_sent_at = ready_at + draws.days_uniform(0.1, 1.5, count)
    back_at = back_sent_at + draws.days_lognormal(2.0, 0.35, count)
    refunded_at = decided_at + draws.days_uniform(0.1, 4, count)
    is_partial = outcome == words.PARTIALLY_REFUNDED
    is_refund = is_partial | (outcome == words.REFUNDED)
    closed_at = np.where(outcome == words.REFUNDED, refunded_at, back_at)
    closed_at = np.where(is_partial, np.maximum(refunded_at, back_at), closed_at)
    abandoned_at = settled["requested_at"] + seconds(ABANDONED_AFTER_DAYS)
    settled |= {
        "workshop": workshop,
        "started_at": started_at,
        "finished_at": finished_at,
        "back_sent_at": back_sent_at,
        "back_at": back_at,
        "is_refund": is_refund,
        "refunded_at": refunded_at,
        "closed_at": np.where(settled["is_abandoned"], abandoned_at, closed_at),
    }


def _workshops(draws: Draws, world: World, supplier: Array) -> Array:
    """The supplier's own workshop for most repairs, any other for the rest."""
    other = draws.whole(len(supplier), 0, len(world.workshops.speed))
    is_own = draws.chance(0.85, len(supplier))
    return np.where(is_own, world.suppliers.workshop[supplier], other)


def _draw_repeats(draws: Draws, world: World, lines: Frame, settled: Frame) -> Frame:
    """Next returns of units that came back to their customer, repaired or without a fault."""
    supplier = world.suppliers.repeats[lines["supplier"][settled["line_at"]]]
    share = np.where(
        settled["outcome"] == words.REPAIRED,
        np.minimum(supplier * world.workshops.repeats[settled["workshop"]], 0.6),
        0.0,
    )
    is_no_fault = (settled["outcome"] == words.SENT_BACK) & (settled["refusal"] == NONE)
    share = np.where(is_no_fault, NO_FAULT_REPEAT_SHARE, share)
    chosen = np.flatnonzero(draws.chance(share))
    again = {name: settled[name][chosen] for name in ("line_at", "unit", "cause", "finding")}
    reason = settled["reason"][chosen]
    again["reason"] = np.where(np.isin(reason, (21, 22)), FAILURE_IN_WARRANTY, reason)
    waited = draws.days_exponential(REPEAT_DAYS, len(chosen)) + 3600
    again["requested_at"] = settled["back_at"][chosen] + waited
    speed = world.suppliers.service_speed[lines["supplier"][again["line_at"]]]
    again["lag"] = draws.days_lognormal(DIAGNOSIS_DAYS * speed, 0.35, len(chosen))
    return again


def _mark_lines(lines: Frame, returns: Frame, end: int) -> None:
    """Note on the lines what ratings, states and later orders depend on."""
    count, line = len(lines["line"]), returns["line_at"]
    is_refunded = (returns["outcome"] == words.REFUNDED) & (returns["refunded_at"] <= end)
    lines["state"][line[is_refunded]] = words.REFUNDED_AFTER
    lines["first_request_at"] = np.full(count, NONE, dtype=np.int64)
    first = np.flatnonzero(returns["is_first"])[::-1]
    lines["first_request_at"][line[first]] = returns["requested_at"][first]
    lines["closed_at"] = np.full(count, NONE, dtype=np.int64)
    lines["closed_at"][line] = returns["closed_at"]
    lines["outcome"] = np.full(count, NONE, dtype=np.int8)
    lines["outcome"][line] = returns["outcome"]
    lines["is_refused"] = np.zeros(count, dtype=bool)
    lines["is_refused"][line[returns["refusal"] != NONE]] = True


def _write_return_lines(world: World, landing: Landing, lines: Frame, returns: Frame) -> None:
    end = world.clock.end
    is_open = returns["is_abandoned"] | (returns["decided_at"] > end)
    is_refused = returns["refusal"] != NONE
    never_came = returns["is_abandoned"] | (returns["reason"] == LOST)
    decision = np.where(is_refused, words.REFUSED, words.AGREED)
    landing.append(
        "return_lines",
        {
            "return": returns["return"],
            "line": lines["line"][returns["line_at"]],
            "unit": returns["unit"],
            "reason": returns["reason"].astype(np.int8),
            "requested_at": returns["requested_at"],
            "received_at": np.where(never_came, NONE, censor(returns["received_at"], end)),
            "decision": np.where(is_open, words.UNDECIDED, decision).astype(np.int8),
            "decided_at": np.where(is_open, NONE, returns["decided_at"]),
            "refusal": np.where(is_open, NONE, returns["refusal"]).astype(np.int8),
            "outcome": np.where(
                returns["closed_at"] > end, words.UNSETTLED, returns["outcome"]
            ).astype(np.int8),
            "closed_at": censor(returns["closed_at"], end),
        },
    )


def _write_defects(
    draws: Draws, world: World, landing: Landing, lines: Frame, returns: Frame
) -> None:
    is_diagnosed = (
        (returns["finding"] != hazards.NOT_LOOKED_AT)
        & ~returns["is_abandoned"]
        & (returns["diagnosed_at"] <= world.clock.end)
    )
    is_double = is_diagnosed & (returns["finding"] == hazards.SUPPLIER_FAULT)
    is_double &= draws.chance(0.06, len(is_double))
    chosen = np.concatenate([np.flatnonzero(is_diagnosed), np.flatnonzero(is_double)])
    finding = returns["finding"][chosen]
    category = lines["category"][returns["line_at"][chosen]]
    is_nothing = finding == hazards.NO_FAULT
    severity = draws.pick((0.35, 0.45, 0.20), len(chosen))
    attribution = np.array(
        (words.BY_SUPPLIER, words.BY_UNKNOWN, words.BY_CARRIER, words.BY_CUSTOMER, words.BY_NOBODY)
    )[finding]
    landing.append(
        "defects",
        {
            "defect": landing.reserve("defects", len(chosen)),
            "return": returns["return"][chosen],
            "kind": _defect_types(draws, world, category, finding, returns["cause"][chosen]),
            "severity": np.where(is_nothing, NONE, severity).astype(np.int8),
            "is_confirmed": ~is_nothing,
            "attribution": attribution.astype(np.int8),
            "diagnosed_at": returns["diagnosed_at"][chosen],
        },
    )


def _defect_types(
    draws: Draws, world: World, category: Array, finding: Array, cause: Array
) -> Array:
    kind = draws.pick_by_row(world.defect_type_upper, category)
    is_impact = (finding == hazards.CARRIER_FAULT) | (finding == hazards.CUSTOMER_FAULT)
    is_liquid = (finding == hazards.CUSTOMER_FAULT) & draws.chance(0.4, len(kind))
    kind = np.where(is_impact, words.IMPACT, kind)
    kind = np.where(is_liquid, words.LIQUID, kind)
    kind = np.where(cause == hazards.NOT_AS_DESCRIBED, words.COSMETIC, kind)
    return np.where(finding == hazards.NO_FAULT, words.NOTHING_FOUND, kind).astype(np.int8)


def _write_repairs(
    draws: Draws, world: World, landing: Landing, lines: Frame, returns: Frame
) -> None:
    end = world.clock.end
    chosen = np.flatnonzero(returns["has_repair"] & (returns["decided_at"] <= end))
    count, line = len(chosen), returns["line_at"][chosen]
    is_nothing = returns["outcome"][chosen] == words.SENT_BACK
    finished_at = censor(returns["finished_at"][chosen], end)
    back_at = censor(returns["back_at"][chosen], end)
    parts = 100 * lines["price_eur"][line] * draws.uniform(count, 0.04, 0.20) + 250
    labour = draws.lognormal(2_800, 0.4, count)
    result = np.where(is_nothing, 2, draws.chance(0.05, count))
    is_open, is_unfinished = back_at == NONE, finished_at == NONE
    landing.append(
        "repairs",
        {
            "repair": landing.reserve("repairs", count),
            "return": returns["return"][chosen],
            "workshop": returns["workshop"][chosen],
            "sent_at": returns["sent_at"][chosen],
            "started_at": censor(returns["started_at"][chosen], end),
            "finished_at": finished_at,
            "back_at": back_at,
            "currency": np.zeros(count, dtype=np.int8),  # workshops are paid in euros
            "parts": np.where(is_unfinished, NONE, np.where(is_nothing, 0, parts)).astype(np.int64),
            "labour": np.where(is_unfinished, NONE, labour).astype(np.int64),
            "shipping": np.where(is_open, NONE, draws.lognormal(1_100, 0.3, count)).astype(
                np.int64
            ),
            "result": np.where(is_open, NONE, result).astype(np.int8),
        },
    )


def _write_refunds(
    draws: Draws, world: World, landing: Landing, lines: Frame, returns: Frame
) -> None:
    """Refunds of returned units, and goodwill for some lines that nobody sent back."""
    end = world.clock.end
    chosen = np.flatnonzero(returns["is_refund"] & (returns["refunded_at"] <= end))
    line = returns["line_at"][chosen]
    is_partial = returns["outcome"][chosen] == words.PARTIALLY_REFUNDED
    part = np.where(is_partial, draws.uniform(len(chosen), 0.1, 0.5), 1.0)
    kept = np.flatnonzero(
        lines["is_shipped"]
        & (lines["first_request_at"] == NONE)
        & draws.chance(GOODWILL_REFUND_SHARE, len(lines["line"]))
    )
    given_at = lines["would_arrive_at"][kept] + draws.days_uniform(1, 20, len(kept))
    kept, given_at = kept[given_at <= end], given_at[given_at <= end]
    every = np.concatenate([line, kept])
    part = np.concatenate([part, np.full(len(kept), 0.1)])
    kinds = np.where(is_partial, words.PARTIAL, words.FULL)
    landing.append(
        "refunds",
        {
            "refund": landing.reserve("refunds", len(every)),
            "line": lines["line"][every],
            "return": np.concatenate([returns["return"][chosen], np.full(len(kept), NONE)]),
            "kind": np.concatenate([kinds, np.full(len(kept), words.GOODWILL)]).astype(np.int8),
            "amount": np.maximum((lines["price"][every] * part).astype(np.int64), 1),
            "currency": lines["currency"][every],
            "refunded_at": np.concatenate([returns["refunded_at"][chosen], given_at]),
        },
    )


def _write_service_parcels(
    draws: Draws, world: World, landing: Landing, lines: Frame, returns: Frame
) -> None:
    """Parcels to the service, and back to the customer where the outcome sends one."""
    is_sent = ~returns["is_abandoned"] & (returns["cause"] != hazards.UNDELIVERED)
    goes_back = is_sent & (returns["outcome"] != words.REFUNDED)
    legs = (
        (words.TO_SERVICE, is_sent, "sent_at", "received_at"),
        (words.BACK_TO_CUSTOMER, goes_back, "back_sent_at", "back_at"),
    )
    for leg, is_there, shipped, delivered in legs:
        chosen = np.flatnonzero(is_there)
        count, line = len(chosen), returns["line_at"][chosen]
        shipped_at = returns[shipped][chosen]
        costs = np.full(count, 590 if leg == words.TO_SERVICE else 490)
        write_parcels(
            draws,
            world,
            landing,
            {
                "line": lines["line"][line],
                "return": returns["return"][chosen],
                "leg": np.full(count, leg, dtype=np.int8),
                "mode": draws.pick((0.5, 0.1, 0.3, 0.1), count).astype(np.int8),
                "shipped_at": shipped_at,
                "delivered_at": returns[delivered][chosen],
                "promised_at": np.full(count, NONE, dtype=np.int64),
                "is_damaged": draws.chance(0.004, count),
                "is_lost": np.zeros(count, dtype=bool),
                "cost": cost_in(world, lines["currency"][line], shipped_at, costs),
            },
        )


def _write_notifications(
    draws: Draws, world: World, landing: Landing, lines: Frame, returns: Frame
) -> None:
    """Notices to known people when a return is received, decided and closed; some are missed."""
    user = lines["user"][returns["line_at"]]
    moments = np.stack([returns["received_at"], returns["decided_at"], returns["closed_at"]])
    moments += draws.days_exponential(0.05, moments.size).reshape(moments.shape)
    is_sent = draws.chance(np.repeat(NOTIFIED_SHARES, len(user)), moments.size).reshape(
        moments.shape
    )
    is_sent &= (user != NONE) & (moments <= world.clock.end)
    is_sent[:2] &= ~returns["is_abandoned"]
    is_sent[0] &= returns["reason"] != LOST
    stage, chosen = np.nonzero(is_sent)
    landing.append(
        "notifications",
        {
            "notification": landing.reserve("notifications", len(chosen)),
            "user": user[chosen],
            "return": returns["return"][chosen],
            "stage": stage.astype(np.int8),
            "sent_at": moments[is_sent],
        },
    )
