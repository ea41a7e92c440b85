"""What the grade model may know of an evaluation: the one definition, for training and scoring.

Only what was seen of the device and what it is. Never the grade that was assigned or suggested, who
assigned it, what became of it, or anything known later: the model judges the refurbisher's grade,
so it must not learn to repeat it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray
Columns = Mapping[str, Array]

GRADES = ("broken", "fair", "very_good", "perfect")
STATES = ("screen_state", "body_state")
BEST_STATE = 4
WORSE_STATE = "worse_state"
CHECKS = (
    "check_power",
    "check_sim_tray",
    "check_front_camera",
    "check_rear_camera",
    "check_speakers",
    "check_microphones",
    "check_biometrics",
    "check_wifi",
    "check_bluetooth",
    "check_buttons",
)
BATTERY, AGE = "battery_health_pct", "device_age_days"
WORDS = ("category", "brand")
INPUTS = (*STATES, *CHECKS, BATTERY, AGE, *WORDS)
# A category or brand of fewer audited devices is like one never seen: it says nothing.
MIN_PER_WORD = 10


@dataclass(frozen=True)
class Encoding:
    """How inputs become numbers; learnt from the training audits, and part of the model."""

    category: tuple[str, ...]
    brand: tuple[str, ...]
    battery_mean: float
    battery_sd: float
    age_mean: float
    age_sd: float

    @classmethod
    def learnt_from(cls, inputs: Columns) -> Encoding:
        """Words that occur often enough, and the scale of each number."""
        return cls(
            _frequent(inputs["category"]),
            _frequent(inputs["brand"]),
            *_scale(inputs[BATTERY]),
            *_scale(inputs[AGE]),
        )

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Encoding:
        """The encoding of a stored model."""
        words = {name: tuple(document[name]) for name in WORDS}
        return cls(**{**document, **words})

    def as_document(self) -> dict[str, Any]:
        """The encoding as JSON holds it."""
        return asdict(self)

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """Feature and name of each column of the design matrix."""
        states = [
            (state, f"{state}:{level}")
            for state in (*STATES, WORSE_STATE)
            for level in (*range(2, BEST_STATE + 1), "unknown")
        ]
        checks = [(check, f"{check}:{word}") for check in CHECKS for word in ("failed", "untested")]
        numbers = [(BATTERY, BATTERY), (BATTERY, f"{BATTERY}:unknown"), (AGE, AGE)]
        words = [(name, f"{name}:{word}") for name in WORDS for word in getattr(self, name)]
        return [*states, *checks, *numbers, *words]

    def design(self, inputs: Columns) -> Array:
        """One row per evaluation, one column per entry of `columns`."""
        states = {state: inputs[state] for state in STATES}
        # the worse of the two sets the grade; what was not looked at does not count
        states[WORSE_STATE] = np.fmin(*states.values())
        parts = []
        for state in states.values():
            parts += [state >= level for level in range(2, BEST_STATE + 1)]
            parts.append(np.isnan(state))
        for check in CHECKS:
            parts += [inputs[check] == 0, np.isnan(inputs[check])]
        battery, age = inputs[BATTERY], inputs[AGE]
        parts.append(np.nan_to_num((battery - self.battery_mean) / self.battery_sd))
        parts.append(np.isnan(battery))
        parts.append(np.nan_to_num((age - self.age_mean) / self.age_sd))
        for name in WORDS:
            parts += [inputs[name] == word for word in getattr(self, name)]
        return np.column_stack(parts).astype(np.float64)


def _frequent(words: Array) -> tuple[str, ...]:
    known = [word for word in words if word is not None]
    names, counts = np.unique(np.array(known, dtype=str), return_counts=True)
    return tuple(str(name) for name in names[counts >= MIN_PER_WORD])


def _scale(numbers: Array) -> tuple[float, float]:
    """Mean and standard deviation of what is known; a number that never varies says nothing."""
    known = np.sort(numbers[~np.isnan(numbers)])
    if not len(known):
        return 0.0, 1.0
    deviation = float(known.std())
    return round(float(known.mean()), 6), round(deviation, 6) if deviation > 1e-6 else 1.0
