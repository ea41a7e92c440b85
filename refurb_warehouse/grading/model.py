"""A trained grade model: a JSON document, and predicting from it with numpy alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.grading.features import GRADES, Array, Columns, Encoding

FORMAT = 1
DIGITS = 9
# Evaluations that are predicted at once.
SLICE = 20_000


@dataclass(frozen=True)
class Predictions:
    """What the model says of evaluations; arrays of one entry or row per evaluation."""

    grade: Array
    """Position in GRADES."""
    probabilities: Array
    """One column per grade of GRADES."""
    confidence: Array
    """Calibrated probability that a laboratory finds this grade."""


@dataclass(frozen=True)
class GradeModel:
    """Cumulative logistic regressions, P(grade > k) for each step of the scale that was seen."""

    document: Mapping[str, Any]

    @classmethod
    def from_json(cls, text: str) -> GradeModel:
        """The model of a document; refused when it is not what its version was given to."""
        try:
            document = json.loads(text)
            stated = document["model_version"]
            if document["format"] != FORMAT:
                raise RefurbError(
                    f"model document of format {document['format']}, this reads {FORMAT}: "
                    "build the warehouse again"
                )
        except (ValueError, KeyError, TypeError) as error:
            raise RefurbError(f"not a grade model: {error!r}; save it anew from a build") from error
        if stated != version_of(document):
            raise RefurbError(
                f"the document is not that of model {stated}: it was changed; save it anew"
            )
        return cls(document)

    def to_json(self) -> str:
        """The document as text, the same for the same model."""
        return json.dumps(self.document, sort_keys=True, ensure_ascii=False)

    @property
    def version(self) -> str:
        """Day up to which it was trained, and a hash of all that it is."""
        return self.document["model_version"]

    @cached_property
    def encoding(self) -> Encoding:
        """How it reads inputs."""
        return Encoding.from_document(self.document["encoding"])

    @cached_property
    def _coefficients(self) -> Array:
        return np.array([step["coefficients"] for step in self.document["steps"]])

    @cached_property
    def _intercepts(self) -> Array:
        return np.array([step["intercept"] for step in self.document["steps"]])

    def predict(self, inputs: Columns) -> Predictions:
        """Grade, probabilities and confidence of each evaluation.

        A slice at a time: the design matrix has three times the columns of the inputs.
        """
        count = len(next(iter(inputs.values())))
        parts = [
            self._predict({name: values[at : at + SLICE] for name, values in inputs.items()})
            for at in range(0, max(count, 1), SLICE)
        ]
        return Predictions(
            np.concatenate([part.grade for part in parts]),
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate([part.confidence for part in parts]),
        )

    def _predict(self, inputs: Columns) -> Predictions:
        design = self.encoding.design(inputs)
        above = sigmoid(design @ self._coefficients.T + self._intercepts)
        seen = class_probabilities(decreasing(above))
        probabilities = np.zeros((len(design), len(GRADES)))
        probabilities[:, self.document["grades"]] = np.round(seen, DIGITS)
        grade = probabilities.argmax(axis=1)
        likeliest = probabilities.max(axis=1, initial=0)
        calibration = self.document["calibration"]
        confidence = calibrated(likeliest, calibration["slope"], calibration["intercept"])
        return Predictions(grade, probabilities, np.round(confidence, DIGITS))

    def contributions(self, inputs: Columns) -> tuple[tuple[str, ...], Array]:
        """By feature, how far it moves the log odds of a better grade, mean over the steps.

        Compared with the average training device, so that what is as usual contributes nothing.
        """
        features = tuple(dict.fromkeys(feature for feature, _ in self.encoding.columns))
        owner = np.array([features.index(feature) for feature, _ in self.encoding.columns])
        centred = self.encoding.design(inputs) - np.array(self.document["means"])
        moved = centred * self._coefficients.mean(axis=0)
        by_feature = np.zeros((len(features), len(moved)))
        np.add.at(by_feature, owner, moved.T)
        return features, by_feature.T


def version_of(document: Mapping[str, Any]) -> str:
    """Version of a document, from all but the version that it states."""
    content = {key: value for key, value in document.items() if key != "model_version"}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return f"{document['trained_until']}-{digest[:12]}"


def sigmoid(log_odds: Array) -> Array:
    """Probability of log odds, whatever their size."""
    return 0.5 * (1 + np.tanh(log_odds / 2))


def decreasing(above: Array) -> Array:
    """Rows made non-increasing: the nearest such row by least squares (min-max formula).

    The regressions are fitted apart, so P(grade > 2) may come out above P(grade > 1).
    """
    steps = above.shape[1]
    sums = np.cumsum(above, axis=1)

    def mean(first: int, last: int) -> Array:
        before = sums[:, first - 1] if first else 0
        return (sums[:, last] - before) / (last - first + 1)

    return np.column_stack(
        [
            np.minimum.reduce(
                [
                    np.maximum.reduce([mean(first, last) for last in range(step, steps)])
                    for first in range(step + 1)
                ]
            )
            for step in range(steps)
        ]
    )


def class_probabilities(above: Array) -> Array:
    """P(grade = k) from the decreasing P(grade > k)."""
    ones, zeros = np.ones((len(above), 1)), np.zeros((len(above), 1))
    return np.maximum(-np.diff(np.hstack([ones, above, zeros]), axis=1), 0)


def calibrated(likeliest: Array, slope: float, intercept: float) -> Array:
    """Probability of being right from the largest class probability (Platt's sigmoid)."""
    return sigmoid(slope * log_odds(likeliest) + intercept)


def log_odds(probability: Array) -> Array:
    """Log odds, bounded where a probability is 0 or 1."""
    bounded = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.log(bounded / (1 - bounded))
