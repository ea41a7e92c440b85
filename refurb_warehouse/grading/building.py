"""What the dbt models int_grade_model and int_grade_predictions do: train, and score everything.

Both go through numpy arrays, so that neither pandas nor pyarrow is needed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from refurb_warehouse.grading import training
from refurb_warehouse.grading.features import GRADES, INPUTS, WORDS, Array
from refurb_warehouse.grading.model import GradeModel

TRAINED = "trained"
REMEDIES = {
    "too_few_audits": (
        "deliver more laboratory audits in grade_audits, or lower the variable "
        "grade_model_min_audits"
    ),
    "one_grade": "deliver audits that found different grades: nothing tells grades apart so far",
    "no_scikit_learn": "install the group `grading` (make setup does), then build again",
}
MODEL_COLUMNS = {
    "model_version": "varchar",
    "status": "varchar",
    "remedy": "varchar",
    "trained_until": "date",
    "training_audits": "integer",
    "majority_grade": "varchar",
    "cross_validation_accuracy_mean": "double",
    "cross_validation_accuracy_sd": "double",
    "cross_validation_macro_f1_mean": "double",
    "cross_validation_macro_f1_sd": "double",
    "cross_validation_kappa_mean": "double",
    "cross_validation_kappa_sd": "double",
    "document": "varchar",
}
PREDICTION_COLUMNS = {
    "evaluation_id": "varchar",
    "model_version": "varchar",
    "predicted_grade": "varchar",
    **{f"probability_{grade}": "double" for grade in GRADES},
    "confidence": "double",
}


def model_table(connection: Any, audits: Any, features: Any, **settings: Any) -> Any:
    """Relation of one row: the model, or why there is none."""
    rows = _numpy(
        connection.sql(
            "select evaluation_id, verified_grade, is_trained_on, "
            "cast(trained_until as varchar) as trained_until from audits"
        )
    )
    until = rows["trained_until"][0] if len(rows["trained_until"]) else None
    chosen = rows["is_trained_on"].astype(bool)
    row: dict[str, Any] = dict.fromkeys(MODEL_COLUMNS) | {
        "trained_until": until,
        "training_audits": int(chosen.sum()),
    }
    status = _status(rows["verified_grade"][chosen], int(settings["min_audits"]))
    if status != TRAINED:
        row |= {"status": status, "remedy": REMEDIES[status]}
        return _relation(connection, {name: [row[name]] for name in row}, MODEL_COLUMNS)
    grade_of = dict(zip(rows["evaluation_id"][chosen], rows["verified_grade"][chosen], strict=True))
    ids, inputs = _inputs(
        connection,
        connection.sql(
            "select features.* from features inner join audits using (evaluation_id) "
            "where audits.is_trained_on"
        ),
    )
    verified = np.array([GRADES.index(grade_of[name]) for name in ids])
    model = training.train(
        ids, inputs, verified, until, {"grade_gap_slight_max": int(settings["gap_slight_max"])}
    )
    counts = model.document["grade_counts"]
    row |= {
        "model_version": model.version,
        "status": TRAINED,
        "majority_grade": max(GRADES, key=lambda grade: counts[grade]),
        "document": model.to_json(),
    }
    for name, spread in model.document["cross_validation"].items():
        row |= {f"cross_validation_{name}_{part}": value for part, value in spread.items()}
    return _relation(connection, {name: [row[name]] for name in row}, MODEL_COLUMNS)


def prediction_table(connection: Any, models: Any, features: Any) -> Any:
    """Relation of the grade, probabilities and confidence of every evaluation; none, no row."""
    [(document,)] = connection.sql("select document from models").fetchall()
    if document is None:
        return _relation(connection, {name: [] for name in PREDICTION_COLUMNS}, PREDICTION_COLUMNS)
    model = GradeModel.from_json(document)
    ids, inputs = _inputs(connection, features)
    found = model.predict(inputs)
    probabilities = {
        f"probability_{grade}": found.probabilities[:, at] for at, grade in enumerate(GRADES)
    }
    return _relation(
        connection,
        {
            "evaluation_id": ids,
            "model_version": np.full(len(ids), model.version, dtype=object),
            "predicted_grade": np.array(GRADES, dtype=object)[found.grade],
            **probabilities,
            "confidence": found.confidence,
        },
        PREDICTION_COLUMNS,
    )


def _status(grades: Array, min_audits: int) -> str:
    if len(grades) < max(min_audits, 1):
        return "too_few_audits"
    if len(set(grades)) < 2:
        return "one_grade"
    return TRAINED if training.scikit_learn_version() else "no_scikit_learn"


def _inputs(connection: Any, features: Any) -> tuple[Array, dict[str, Array]]:
    """Identifiers and inputs in the order of the identifiers: what stands where decides digits."""
    numbers = ", ".join(f"cast({name} as double) as {name}" for name in INPUTS if name not in WORDS)
    columns = _numpy(
        connection.sql(
            f"select evaluation_id, {', '.join(WORDS)}, {numbers} "
            "from features order by evaluation_id"
        )
    )
    ids = columns.pop("evaluation_id")
    return ids, columns


def _numpy(relation: Any) -> dict[str, Array]:
    """Columns as arrays: an unknown number is nan, an unknown word None."""
    columns = {}
    for name, values in relation.fetchnumpy().items():
        if values.dtype == object:
            columns[name] = np.ma.filled(values, None) if np.ma.isMA(values) else values
        elif np.ma.isMA(values):
            columns[name] = np.ma.filled(values.astype(np.float64), np.nan)
        else:
            columns[name] = values
    return columns


def _relation(connection: Any, columns: dict[str, Any], types: dict[str, str]) -> Any:
    """A relation of a table that the caller copies; no name of it stays behind."""
    data = {
        name: np.array(columns[name], dtype=np.float64 if types[name] == "double" else object)
        for name in types
    }
    if not len(data[next(iter(types))]):
        data = {name: np.array([None], dtype=object) for name in types}
        nothing = " where false"
    else:
        nothing = ""
    listed = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types.items())
    return connection.sql(f"select {listed} from data{nothing}")
