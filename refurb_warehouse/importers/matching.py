"""Which purchase each returned unit came from, when the source does not say.

Rule: a return takes units of the latest purchase of the same customer and product that was made
before it (or at the same moment) and still has units that have not come back, and walks further
back when it returns more than that purchase has left.

Each answer depends on the returns before it, so this is a walk in the order of time and not a
join: purchases are put on a stack, returns take from its top.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Event(NamedTuple):
    """A purchase or a return; the fields sort events as the walk needs them."""

    customer_id: str
    product_code: str
    happened_at: str
    is_return: bool
    line_id: str
    units: int


class Match(NamedTuple):
    """Units of one return line that came from one order line."""

    return_id: str
    order_line_id: str
    first_unit_of_line: int
    first_unit_of_return: int
    units: int


@dataclass
class Purchase:
    """A purchase on the stack, and how many of its units have come back."""

    line_id: str
    units: int
    returned: int = 0


def match_returns(events: Iterable[Event]) -> list[Match]:
    """Match the returns among the events to the purchases among them, last in, first out."""
    matches: list[Match] = []
    stack: list[Purchase] = []
    owner = None
    for event in sorted(events):
        if owner != (event.customer_id, event.product_code):
            owner = (event.customer_id, event.product_code)
            stack = []
        if event.is_return:
            matches += take_from(stack, event)
        else:
            stack.append(Purchase(event.line_id, event.units))
    return matches


def take_from(stack: list[Purchase], event: Event) -> list[Match]:
    """Take the returned units from the latest purchases; used-up purchases leave the stack."""
    matches = []
    taken = 0
    while stack and taken < event.units:
        purchase = stack[-1]
        units = min(event.units - taken, purchase.units - purchase.returned)
        matches.append(
            Match(event.line_id, purchase.line_id, purchase.returned + 1, taken + 1, units)
        )
        taken += units
        purchase.returned += units
        if purchase.returned == purchase.units:
            stack.pop()
    return matches
