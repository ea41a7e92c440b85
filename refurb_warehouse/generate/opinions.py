"""What customers, agents and the outside world think: ratings, reviews, and coming back."""

from __future__ import annotations

import numpy as np

from refurb_warehouse.generate import vocabulary as words
from refurb_warehouse.generate.catalogue import World
from refurb_warehouse.generate.draws import Array, Draws
from refurb_warehouse.generate.landing import Landing
from refurb_warehouse.generate.orders import Buyers, Frame
from refurb_warehouse.generate.vocabulary import NONE

RATED_SHARE = 0.33
RATED_AFTER_RETURN_SHARE = 0.45
RERATED_SHARE = 0.06
USUAL_SCORE = 4.75
SCORE_SPREAD = 0.95
SCORE_BEFORE_RETURN = -0.9
# Shift of the score after a return, by outcome in the order of OUTCOMES; refusals apart.
SCORE_AFTER_OUTCOME = np.array((-1.6, -0.9, -0.6, -0.7, -1.0, -1.4, -1.2))
SCORE_AFTER_REFUSAL = -2.9
GRADE_ASKED_SHARE = 0.6
COMMENT_SHARE = 0.15

AGENTS = 24
RATED_CASE_SHARE = 0.2
GENERAL_RATINGS_PER_LINE = 0.004
REVIEWS_PER_LINE = 0.03
REVIEW_SHARES = (0.11, 0.06, 0.08, 0.22, 0.53)

ORDER_AGAIN_SHARE = 0.24
ORDER_AGAIN_AFTER_REFUSAL = 0.35  # times the share of the others
ORDER_AGAIN_AFTER_RETURN = 0.75
ORDER_AGAIN_LOYALTY = 1.3  # from the third order on
ORDER_AGAIN_DAYS = 130
NEW_ACCOUNT_SHARE = 0.04  # of known people, who order again as if they were new


def write_ratings(draws: Draws, world: World, landing: Landing, lines: Frame) -> None:
    """Ratings before and after returns; a few are given again."""
    before = _ratings_before(draws, world, lines)
    after = _ratings_after(draws, world, lines)
    again = _ratings_again(draws, before)
    ratings = {name: np.concatenate([before[name], after[name], again[name]]) for name in before}
    is_known = ratings["rated_at"] <= world.clock.end
    ratings = {name: column[is_known] for name, column in ratings.items()}
    line, count = ratings["line_at"], int(is_known.sum())
    level = draws.rng.standard_normal(count) * SCORE_SPREAD + ratings["level"]
    is_asked = draws.chance(GRADE_ASKED_SHARE, count)
    comment = draws.whole(count, 0, len(words.RATING_COMMENTS))
    landing.append(
        "ratings",
        {
            "rating": landing.reserve("ratings", count),
            "line": lines["line"][line],
            "customer": lines["customer"][line],
            "score": np.clip(np.round(level), 1, 5).astype(np.int8),
            "perceived": np.where(is_asked, _perceived(draws, world, lines, line), NONE).astype(
                np.int8
            ),
            "comment": np.where(draws.chance(COMMENT_SHARE, count), comment, NONE),
            "rated_at": ratings["rated_at"],
        },
    )


def _ratings_before(draws: Draws, world: World, lines: Frame) -> Frame:
    """Ratings some days after delivery, unless a return was requested first."""
    is_delivered = lines["is_shipped"] & ~lines["is_undelivered"]
    rated = np.flatnonzero(is_delivered & draws.chance(RATED_SHARE, len(is_delivered)))
    arrived_at, requested_at = lines["would_arrive_at"][rated], lines["first_request_at"][rated]
    rated_at = arrived_at + draws.days_exponential(9, len(rated)) + 1800
    is_returned = requested_at != NONE
    is_first = ~is_returned | (rated_at < requested_at)
    shift = np.where(is_returned, SCORE_BEFORE_RETURN, 0.0)
    level = USUAL_SCORE + shift + world.suppliers.satisfaction[lines["supplier"][rated]]
    frame = {"line_at": rated, "rated_at": rated_at, "level": level}
    return {name: column[is_first] for name, column in frame.items()}


def _ratings_after(draws: Draws, world: World, lines: Frame) -> Frame:
    """Ratings once a return is closed."""
    rated = np.flatnonzero(lines["closed_at"] != NONE)
    rated = rated[draws.chance(RATED_AFTER_RETURN_SHARE, len(rated))]
    shift = SCORE_AFTER_OUTCOME[lines["outcome"][rated]]
    shift = np.where(lines["is_refused"][rated], SCORE_AFTER_REFUSAL, shift)
    return {
        "line_at": rated,
        "rated_at": lines["closed_at"][rated] + draws.days_exponential(6, len(rated)) + 1800,
        "level": USUAL_SCORE + shift + world.suppliers.satisfaction[lines["supplier"][rated]],
    }


def _ratings_again(draws: Draws, ratings: Frame) -> Frame:
    """Second thoughts: the same line again, later."""
    chosen = np.flatnonzero(draws.chance(RERATED_SHARE, len(ratings["line_at"])))
    again = {name: column[chosen] for name, column in ratings.items()}
    again["rated_at"] = again["rated_at"] + draws.days_exponential(20, len(chosen)) + 60
    return again


def _perceived(draws: Draws, world: World, lines: Frame, line: Array) -> Array:
    """Grade that the customer perceives: lower where the supplier grades too high."""
    overgrading = world.suppliers.overgrading[lines["supplier"][line]]
    draw = draws.uniform(len(line))
    step = (draw > 0.94).astype(np.int8) - (draw < overgrading)
    return np.clip(lines["grade"][line] + step, 0, len(words.GRADES) - 1)


def write_supplier_ratings(
    draws: Draws, world: World, landing: Landing, lines: Frame, returns: Frame
) -> None:
    """Agents rate suppliers, about a closed case or in general."""
    end, suppliers = world.clock.end, world.suppliers
    cases = np.flatnonzero((returns["closed_at"] <= end) & ~returns["is_abandoned"])
    cases = cases[draws.chance(RATED_CASE_SHARE, len(cases))]
    general = draws.rng.poisson(GENERAL_RATINGS_PER_LINE * len(lines["line"]))
    supplier = np.concatenate(
        [lines["supplier"][returns["line_at"][cases]], draws.pick(suppliers.weight, general)]
    )
    case_at = returns["closed_at"][cases] + draws.days_exponential(2, len(cases))
    rated_at = np.concatenate([case_at, world.clock.draw(draws, general)])
    about = np.concatenate([returns["return"][cases], np.full(general, NONE)])
    is_known = rated_at <= end
    supplier, rated_at, about = supplier[is_known], rated_at[is_known], about[is_known]
    count = len(supplier)
    level = (
        3.7
        - 0.8 * np.log(suppliers.defects[supplier])
        - 0.5 * np.log(suppliers.service_speed[supplier])
    )
    score = np.clip(np.round(level + 0.8 * draws.rng.standard_normal(count)), 1, 5)
    landing.append(
        "supplier_ratings",
        {
            "rating": landing.reserve("supplier_ratings", count),
            "agent": draws.whole(count, 1, AGENTS + 1),
            "supplier": supplier,
            "return": about,
            "score": score.astype(np.int8),
            "rated_at": rated_at,
        },
    )


def write_reviews(draws: Draws, world: World, landing: Landing, lines: int) -> None:
    """Reviews on other sites; nothing ties them to orders."""
    count = int(draws.rng.binomial(lines, REVIEWS_PER_LINE))
    landing.append(
        "external_reviews",
        {
            "review": landing.reserve("external_reviews", count),
            "source": draws.pick((0.7, 0.3), count).astype(np.int8),
            "score": (1 + draws.pick(REVIEW_SHARES, count)).astype(np.int8),
            "title": draws.whole(count, 0, len(words.REVIEW_TITLES)),
            "body": draws.whole(count, 0, len(words.REVIEW_BODIES)),
            "language": draws.pick((0.85, 0.1, 0.05), count).astype(np.int8),
            "reviewed_at": world.clock.draw(draws, count),
        },
    )


def draw_next_orders(
    draws: Draws, world: World, landing: Landing, lines: Frame, orders: Frame, order_number: int
) -> tuple[Buyers, Array]:
    """Buyers who order again, with the moment; and which orders of the batch they are.

    A refusal keeps customers away, any other return a little; both act from its end on.
    """
    count = len(orders["order"])
    line_order = lines["order_at"]
    is_refused, is_returned = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    is_refused[line_order[lines["is_refused"]]] = True
    is_returned[line_order[lines["closed_at"] != NONE]] = True
    settled_at = orders["ordered_at"].copy()
    np.maximum.at(settled_at, line_order, lines["closed_at"])
    share = np.where(is_returned, ORDER_AGAIN_AFTER_RETURN, 1.0)
    share = np.where(is_refused, ORDER_AGAIN_AFTER_REFUSAL, share) * ORDER_AGAIN_SHARE
    share *= ORDER_AGAIN_LOYALTY if order_number > 2 else 1.0
    ordered_at = settled_at + draws.days_exponential(ORDER_AGAIN_DAYS, count) + 3600
    is_again = draws.chance(share) & (ordered_at <= world.clock.end)
    customer = orders["customer"].copy()
    is_new_account = is_again & draws.chance(NEW_ACCOUNT_SHARE, count) & (orders["user"] != NONE)
    customer[is_new_account] = landing.reserve("customers", int(is_new_account.sum()))
    buyers = Buyers(customer, orders["user"], orders["country"], ordered_at)
    landing.append(
        "customers",
        {
            "customer": customer[is_new_account],
            "user": orders["user"][is_new_account],
            "created_at": ordered_at[is_new_account] - 60,
        },
    )
    return buyers.take(is_again), is_again
