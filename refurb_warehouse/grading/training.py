"""Training: scikit-learn fits what numpy later predicts with.

Grades are ordered, so a model of K grades is K - 1 logistic regressions P(grade > k) (E. Frank and
M. Hall, A simple approach to ordinal classification, ECML 2001). The confidence is calibrated on
predictions for audits that the predicting model had not seen (J. Platt, 1999). The same audits give
the same document, whatever their order and the number of threads.

Fitting has a process of its own, which gives its memory back: scikit-learn and what it imports
would stay in that of a build, to its end.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.grading.features import GRADES, Array, Columns, Encoding
from refurb_warehouse.grading.model import (
    DIGITS,
    FORMAT,
    GradeModel,
    class_probabilities,
    decreasing,
    log_odds,
    sigmoid,
    version_of,
)

FOLDS = 5
SEED = 2001
# Inverse strength of the ridge penalty: chosen once, on generated extracts, and not searched for.
REGULARISATION = 0.5
PSEUDO_AUDITS = np.repeat([0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], 3)
_remembered: dict[str, GradeModel] = {}


def scikit_learn_version() -> str | None:
    """Version of scikit-learn, None where it is not installed; importing it takes a second."""
    from importlib.metadata import PackageNotFoundError, version
    from importlib.util import find_spec

    try:
        return version("scikit-learn") if find_spec("sklearn") else None
    except (PackageNotFoundError, ImportError):
        return None


def train(
    evaluation_ids: Sequence[str],
    inputs: Columns,
    verified: Array,
    trained_until: str,
    settings: dict[str, Any] | None = None,
) -> GradeModel:
    """The model of audited evaluations; `verified` is each one's position in GRADES."""
    order = np.argsort(np.array(evaluation_ids, dtype=str), kind="stable")
    ids = np.array(evaluation_ids, dtype=str)[order]
    inputs = {name: values[order] for name, values in inputs.items()}
    verified = np.asarray(verified, dtype=np.int64)[order]
    encoding = Encoding.learnt_from(inputs)
    design = encoding.design(inputs)
    key = hashlib.sha256(
        b"|".join([design.tobytes(), verified.tobytes(), "|".join(ids).encode(),
                   repr((encoding, trained_until, settings)).encode()])
    ).hexdigest()  # fmt: skip
    if key not in _remembered:
        told = {"trained_until": trained_until, "settings": settings}
        _remembered[key] = _fitted_apart(
            {"ids": ids, "design": design, "verified": verified},
            {"encoding": encoding.as_document(), **told},
        )
    return _remembered[key]


def _fitted_apart(arrays: dict[str, Array], told: dict[str, Any]) -> GradeModel:
    given = io.BytesIO()
    np.savez(given, **arrays, told=np.array(json.dumps(told)))
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=given.getvalue(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise RefurbError(
            f"the grade model could not be trained: {said[-1] if said else 'the process was ended'}"
        )
    return GradeModel.from_json(done.stdout.decode())


def _fit_what_is_given(given: BinaryIO) -> str:
    """The document of a model, from what the process that builds has written."""
    from threadpoolctl import threadpool_limits

    read = np.load(io.BytesIO(given.read()))
    told = json.loads(str(read["told"]))
    encoding = Encoding.from_document(told.pop("encoding"))
    # how threads share a sum decides its last digits
    with threadpool_limits(limits=1):
        model = _trained(read["ids"], read["design"], read["verified"], encoding, **told)
    return model.to_json()


def _trained(
    ids: Array,
    design: Array,
    verified: Array,
    encoding: Encoding,
    trained_until: str,
    settings: dict[str, Any] | None,
) -> GradeModel:
    grades = np.unique(verified)
    folds = _folds(ids, verified)
    unseen = np.zeros((len(verified), len(grades)))
    for fold in range(FOLDS):
        rest, held = folds != fold, folds == fold
        steps = [_fit(design[rest], verified[rest] > grade) for grade in grades[:-1]]
        above = np.column_stack([sigmoid(design[held] @ w + b) for w, b in steps])
        unseen[held] = class_probabilities(decreasing(above))
    found = grades[unseen.argmax(axis=1)]
    slope, intercept = _calibration(unseen.max(axis=1), found == verified)
    steps = [_fit(design, verified > grade) for grade in grades[:-1]]
    counts = np.bincount(verified, minlength=len(GRADES))
    scores = [
        scores_of(confusion(verified[folds == fold], found[folds == fold]))
        for fold in range(FOLDS)
        if (folds == fold).any()
    ]
    document = {
        "format": FORMAT,
        "trained_until": trained_until,
        "audits": len(verified),
        "grades": [int(grade) for grade in grades],
        "grade_counts": {name: int(count) for name, count in zip(GRADES, counts, strict=True)},
        "encoding": encoding.as_document(),
        "columns": [name for _, name in encoding.columns],
        "means": [round(float(mean), DIGITS) for mean in design.mean(axis=0)],
        "steps": [
            {
                "above": GRADES[grade],
                "intercept": round(float(bias), DIGITS),
                "coefficients": [round(float(value), DIGITS) for value in weights],
            }
            for grade, (weights, bias) in zip(grades[:-1], steps, strict=True)
        ],
        "calibration": {"slope": slope, "intercept": intercept},
        "cross_validation": {
            name: {
                "mean": round(float(np.mean([score[name] for score in scores])), DIGITS),
                "sd": round(float(np.std([score[name] for score in scores], ddof=1)), DIGITS),
            }
            for name in scores[0]
        },
        "settings": settings or {},
    }
    return GradeModel(document | {"model_version": version_of(document)})


def _fit(design: Array, is_above: Array) -> tuple[Array, float]:
    """Coefficients and intercept; of a step that one side alone has, its smoothed share."""
    count, above = len(is_above), int(is_above.sum())
    if above in (0, count):
        return np.zeros(design.shape[1]), float(np.log((above + 0.5) / (count - above + 0.5)))
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=REGULARISATION, solver="newton-cholesky", tol=1e-8)
    fitted.fit(design, is_above)
    return fitted.coef_[0], float(fitted.intercept_[0])


def _folds(ids: Array, verified: Array) -> Array:
    """Fold of each audit: each grade spread evenly, by a hash of the evaluation."""
    hashed = np.array([zlib.crc32(f"{SEED}:{name}".encode()) for name in ids])
    folds = np.empty(len(ids), dtype=np.int64)
    folds[np.lexsort((ids, hashed, verified))] = np.arange(len(ids)) % FOLDS
    return folds


def _calibration(likeliest: Array, is_right: Array) -> tuple[float, float]:
    """Slope and intercept of Platt's sigmoid, drawn towards the probability as it is.

    A few pseudo-audits over the whole range, right as often as the probability says: without them
    a hundred audits, all of them of clear devices, would decide what is said of unclear ones.
    """
    from sklearn.linear_model import LogisticRegression

    pseudo = log_odds(PSEUDO_AUDITS)
    odds = np.concatenate([log_odds(likeliest), pseudo, pseudo])
    fitted = LogisticRegression(C=1e6, solver="newton-cholesky", tol=1e-8)
    fitted.fit(
        odds.reshape(-1, 1),
        np.concatenate([is_right, np.ones(len(pseudo)), np.zeros(len(pseudo))]).astype(bool),
        sample_weight=np.concatenate([np.ones(len(is_right)), PSEUDO_AUDITS, 1 - PSEUDO_AUDITS]),
    )
    slope = max(float(fitted.coef_[0, 0]), 0.0)
    return round(slope, DIGITS), round(float(fitted.intercept_[0]), DIGITS)


def confusion(verified: Array, found: Array) -> Array:
    """Counts by verified and found grade."""
    table = np.zeros((len(GRADES), len(GRADES)))
    np.add.at(table, (verified, found), 1)
    return table


def scores_of(table: Array) -> dict[str, float]:
    """Accuracy, macro F1 over the grades that occur, and quadratic weighted kappa."""
    total, hits = table.sum(), np.diag(table)
    verified, found = table.sum(axis=1), table.sum(axis=0)
    occurs = verified + found > 0
    rank = np.arange(len(table))
    weights = (rank[:, None] - rank) ** 2
    by_chance = (weights * np.outer(verified, found)).sum() / total
    return {
        "accuracy": float(hits.sum() / total),
        "macro_f1": float(np.mean(2 * hits[occurs] / (verified + found)[occurs])),
        "kappa": float(1 - (weights * table).sum() / by_chance) if by_chance else 0.0,
    }


if __name__ == "__main__":
    sys.stdout.write(_fit_what_is_given(sys.stdin.buffer))
