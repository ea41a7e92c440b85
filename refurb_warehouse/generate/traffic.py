"""Page events: sessions that end in an order of the batch, and sessions that do not."""

from __future__ import annotations

import numpy as np

from refurb_warehouse.generate.catalogue import World
from refurb_warehouse.generate.draws import Draws
from refurb_warehouse.generate.landing import Landing
from refurb_warehouse.generate.orders import Frame
from refurb_warehouse.generate.vocabulary import NONE

VIEW, ADD_TO_CART, CHECKOUT, PURCHASE = range(4)
TRACKED_ORDER_SHARE = 0.03
VISITS_PER_LINE = 0.13
VISIT_EVENTS = 4
SIGNED_IN_SHARE = 0.25
ADDED_TO_CART_SHARE = 0.12


def write_page_events(
    draws: Draws, world: World, landing: Landing, orders: Frame, lines: Frame
) -> None:
    """Sessions of a sample of orders, and visits without an order."""
    parts = [_order_sessions(draws, orders, lines), _visits(draws, world, orders, lines)]
    sessions = [landing.reserve("sessions", part.pop("sessions")) for part in parts]
    for part, ids in zip(parts, sessions, strict=True):
        part["session"] = ids[part["session"]]
    events = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    count = len(events["session"])
    landing.append("page_events", events | {"event": landing.reserve("page_events", count)})


def _order_sessions(draws: Draws, orders: Frame, lines: Frame) -> Frame:
    """View, cart, checkout and purchase of a sample of orders."""
    chosen = np.flatnonzero(draws.chance(TRACKED_ORDER_SHARE, len(orders["order"])))
    count = len(chosen)
    kind = np.tile(np.arange(4, dtype=np.int8), count)
    session = np.repeat(np.arange(count), 4)
    gap = np.sort(draws.whole(4 * count, 5, 1500).reshape(count, 4), axis=1)[:, ::-1].copy()
    gap[:, 3] = 0
    offer = lines["offer"][orders["first_line"][chosen]][session]
    return {
        "sessions": count,
        "session": session,
        "customer": orders["customer"][chosen][session],
        "kind": kind,
        "offer": np.where(kind == CHECKOUT, NONE, offer),
        "occurred_at": orders["ordered_at"][chosen][session] - gap.ravel(),
    }


def _visits(draws: Draws, world: World, orders: Frame, lines: Frame) -> Frame:
    """Visits of one to VISIT_EVENTS events, most of them anonymous."""
    count = int(draws.rng.binomial(len(lines["line"]), VISITS_PER_LINE))
    events = 1 + draws.pick((0.35, 0.30, 0.20, 0.15), count)
    session = np.repeat(np.arange(count), events)
    arrived_at = world.clock.draw(draws, count)
    occurred_at = arrived_at[session] + draws.whole(len(session), 0, 1200)
    is_signed_in = draws.chance(SIGNED_IN_SHARE, count)
    visitor = orders["customer"][draws.whole(count, 0, len(orders["order"]))]
    is_added = draws.chance(ADDED_TO_CART_SHARE, len(session))
    return {
        "sessions": count,
        "session": session,
        "customer": np.where(is_signed_in, visitor, NONE)[session],
        "kind": np.where(is_added, ADD_TO_CART, VIEW).astype(np.int8),
        "offer": world.offers.draw(draws, arrived_at)[session],
        "occurred_at": np.minimum(occurred_at, world.clock.end),
    }
