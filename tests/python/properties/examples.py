"""How many extracts the properties see, and which ones."""

from __future__ import annotations

import os
from collections.abc import Callable

from hypothesis import HealthCheck, seed, settings

EXAMPLES = int(os.environ.get("REFURB_PROPERTY_EXAMPLES", "10"))
# A relation builds an extract once more, and there are eight; data tests take two builds.
FEWER = max(4, EXAMPLES // 10)
FEWEST = max(3, EXAMPLES // 20)
# One seed for every test: they see the same extracts, and what was built of them is built once.
SEED = int(os.environ.get("REFURB_PROPERTY_SEED", "1"))


def examples(number: int) -> Callable:
    """So many extracts, the same each time: what was found once must stay found."""

    def decorate(test: Callable) -> Callable:
        limited = settings(
            max_examples=number,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        return seed(SEED)(limited(test))

    return decorate
