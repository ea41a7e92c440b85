"""Claims and messages."""

from __future__ import annotations

import numpy as np

from refurb_warehouse.generate import vocabulary as words
from refurb_warehouse.generate.catalogue import World
from refurb_warehouse.generate.draws import Draws
from refurb_warehouse.generate.landing import Landing
from refurb_warehouse.generate.orders import Frame, censor
from refurb_warehouse.generate.vocabulary import NONE

LINE_SUBJECT, EVALUATION_SUBJECT = range(2)
CLAIMED_LINE_SHARE = 0.010
CLAIMED_RETURN_SHARE = 0.06
CLAIM_CLOSED_DAYS = 1.8
CHANNEL_SHARES = (0.40, 0.30, 0.20, 0.10)
REPLY_HOURS = np.array((11.0, 14.0, 0.6, 0.3))  # median, by channel
WRITES_SHARE = 0.75  # of returns; the others only get automatic messages
REPLIED_SHARE = 0.95
FOLLOW_UP_SHARE = 0.45
SUPPLIER_WRITES_SHARE = 0.2


def write_claims(draws: Draws, world: World, landing: Landing, lines: Frame) -> Frame:
    """Disputes about order lines, likelier after a return; the claims come back for messages."""
    is_returned = lines["closed_at"] != NONE
    share = np.where(is_returned, CLAIMED_RETURN_SHARE, CLAIMED_LINE_SHARE)
    chosen = np.flatnonzero(lines["is_shipped"] & draws.chance(share))
    after = np.maximum(lines["would_arrive_at"][chosen], lines["closed_at"][chosen])
    opened_at = after + draws.days_exponential(6, len(chosen)) + 900
    is_known = opened_at <= world.clock.end
    chosen, opened_at = chosen[is_known], opened_at[is_known]
    kind = draws.pick((0.40, 0.25, 0.15, 0.20), len(chosen))
    claims = {
        "subject_type": np.full(len(chosen), LINE_SUBJECT, dtype=np.int8),
        "subject": lines["line"][chosen],
        "kind": kind.astype(np.int8),
        "opened_at": opened_at,
    }
    return append_claims(draws, world, landing, claims)


def append_claims(draws: Draws, world: World, landing: Landing, claims: Frame) -> Frame:
    """Rows of claims opened before the end of the data, with what becomes of them."""
    count = len(claims["subject"])
    closed_at = claims["opened_at"] + draws.days_lognormal(CLAIM_CLOSED_DAYS, 0.7, count)
    closed_at = censor(closed_at, world.clock.end)
    claims = claims | {
        "claim": landing.reserve("claims", count),
        "closed_at": closed_at,
        "is_upheld": np.where(closed_at == NONE, NONE, draws.chance(0.45, count)).astype(np.int8),
    }
    landing.append("claims", claims)
    return claims


def write_messages(
    draws: Draws, world: World, landing: Landing, returns: Frame, claims: Frame
) -> None:
    """Messages about returns and claims: question, automatic receipt, reply, follow-up."""
    subject = np.concatenate([returns["return"], claims["claim"]])
    opened_at = np.concatenate([returns["requested_at"], claims["opened_at"]])
    count = len(subject)
    is_claim = np.arange(count) >= len(returns["return"])
    channel = draws.pick(CHANNEL_SHARES, count).astype(np.int8)
    writes = is_claim | draws.chance(WRITES_SHARE, count)
    is_replied = writes & draws.chance(REPLIED_SHARE, count)
    is_followed = is_replied & draws.chance(FOLLOW_UP_SHARE, count)
    is_passed_on = is_replied & draws.chance(SUPPLIER_WRITES_SHARE, count)
    asked_at = opened_at + draws.days_exponential(0.01, count)
    replied_at = asked_at + draws.days_lognormal(REPLY_HOURS[channel] / 24, 0.8, count) + 60
    followed_at = replied_at + draws.days_exponential(0.8, count) + 60
    answered_at = followed_at + draws.days_lognormal(REPLY_HOURS[channel] / 24, 0.8, count) + 60
    passed_on_at = replied_at + draws.days_exponential(1.5, count) + 600
    everyone = np.ones(count, dtype=bool)
    parts = (
        (everyone, words.SYSTEM, opened_at + 30),
        (writes, words.CUSTOMER, asked_at),
        (is_replied, words.AGENT, replied_at),
        (is_followed, words.CUSTOMER, followed_at),
        (is_followed, words.AGENT, answered_at),
        (is_passed_on, words.SUPPLIER, passed_on_at),
    )
    kept = [np.flatnonzero(is_sent & (sent_at <= world.clock.end)) for is_sent, _, sent_at in parts]
    who = [np.full(len(at), role) for at, (_, role, _) in zip(kept, parts, strict=True)]
    when = [sent_at[at] for at, (_, _, sent_at) in zip(kept, parts, strict=True)]
    chosen, role = np.concatenate(kept), np.concatenate(who).astype(np.int8)
    landing.append(
        "messages",
        {
            "message": landing.reserve("messages", len(chosen)),
            "subject_type": is_claim[chosen].astype(np.int8),
            "subject": subject[chosen],
            "role": role,
            "channel": np.where(role == words.SYSTEM, 1, channel[chosen]).astype(np.int8),
            "sent_at": np.concatenate(when),
            "is_automatic": role == words.SYSTEM,
        },
    )
