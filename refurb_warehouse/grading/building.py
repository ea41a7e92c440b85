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
SCORED_AT_ONCE = 50_000
# tables of the session alone: what is scored, part after part, and in which the parts come together
PARTS = "temp.given_parts"
SCORED = "temp.given_scores"
REMEDIES = {
    "too_few_audits": (
        "deliver more laboratory audits in grade_audits, or lower the variable "
        "grade_model_min_audits"
    ),
    "one_grade": "deliver audits that found different grades: nothing tells grades apart so far",
    "other_scale": "the model knows the scale `brief` alone: see the variable grade_scale_version",
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


def model_table(connection: Any, given_audits: Any, given_features: Any, **settings: Any) -> Any:
    """Relation of one row: the model, or why there is none."""
    # in SQL a table of the database goes before a variable of that name: none is called given_...
    [(until, count, grades)] = connection.sql(
        "select cast(max(trained_until) as varchar), count(*) filter (where is_trained_on), "
        "list(distinct verified_grade) filter (where is_trained_on) from given_audits"
    ).fetchall()
    row: dict[str, Any] = dict.fromkeys(MODEL_COLUMNS) | {
        "trained_until": until,
        "training_audits": count,
        "status": _status(count, set(grades or []), int(settings["min_audits"])),
    }
    if row["status"] != TRAINED:
        row["remedy"] = REMEDIES[row["status"]]
        return _relation(connection, {name: [row[name]] for name in row}, MODEL_COLUMNS)
    taught = connection.sql(
        "select given_features.*, given_audits.verified_grade from given_features "
        "inner join given_audits using (evaluation_id) where given_audits.is_trained_on"
    )
    columns = _columns(connection, taught, "verified_grade")
    verified = np.array([GRADES.index(grade) for grade in columns.pop("verified_grade")])
    model = training.train(
        columns.pop("evaluation_id"),
        columns,
        verified,
        until,
        {"grade_gap_slight_max": int(settings["gap_slight_max"])},
    )
    counts = model.document["grade_counts"]
    row |= {
        "model_version": model.version,
        "majority_grade": max(GRADES, key=lambda grade: counts[grade]),
        "document": model.to_json(),
    }
    for name, spread in model.document["cross_validation"].items():
        row |= {f"cross_validation_{name}_{part}": value for part, value in spread.items()}
    return _relation(connection, {name: [row[name]] for name in row}, MODEL_COLUMNS)


def prediction_table(connection: Any, models: Any, given_features: Any) -> Any:
    """Relation of the grade, probabilities and confidence of every evaluation; none, no row.

    Evaluations are scored a part at a time, so that memory does not grow with their number.
    """
    [(document,)] = models.project("document").fetchall()
    if document is None:
        return _relation(connection, {name: [] for name in PREDICTION_COLUMNS}, PREDICTION_COLUMNS)
    model = GradeModel.from_json(document)
    [(evaluations,)] = given_features.aggregate("count(*)").fetchall()
    parts = max(1, -(-evaluations // SCORED_AT_ONCE))
    if parts == 1:
        return _predictions(connection, model, given_features)
    # sorted, so that a part is read without the others
    connection.sql(
        f"create or replace temp table {PARTS} as select evaluation_id, {', '.join(INPUTS)}, "
        f"hash(evaluation_id) % {parts} as part from given_features order by part"
    )
    for part in range(parts):
        given_part = connection.sql(f"from {PARTS} where part = {part}")
        given_predictions = _predictions(connection, model, given_part)  # noqa: F841
        make = "insert into" if part else "create or replace temp table"
        # sql, not execute: dbt wraps that one, and DuckDB looks for names only where it is called
        connection.sql(f"{make} {SCORED} {'' if part else 'as '}from given_predictions")
    connection.sql(f"drop table {PARTS}")
    return connection.table(SCORED)


def _predictions(connection: Any, model: GradeModel, given_features: Any) -> Any:
    inputs = _columns(connection, given_features)
    ids = inputs.pop("evaluation_id")
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


def _status(audits: int, grades: set[str], min_audits: int) -> str:
    if audits < max(min_audits, 1):
        return "too_few_audits"
    if not grades <= set(GRADES):
        return "other_scale"
    if len(grades) < 2:
        return "one_grade"
    return TRAINED if training.scikit_learn_version() else "no_scikit_learn"


def _columns(connection: Any, given_rows: Any, *more: str) -> dict[str, Array]:
    """Inputs in the order of the evaluations: where a row stands decides its last digits."""
    texts = ", ".join(("evaluation_id", *WORDS, *more))
    numbers = ", ".join(f"cast({name} as double) as {name}" for name in INPUTS if name not in WORDS)
    return _numpy(
        connection.sql(f"select {texts}, {numbers} from given_rows order by evaluation_id")
    )


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
    given_data = {
        name: np.array(columns[name], dtype=np.float64 if types[name] == "double" else object)
        for name in types
    }
    if not len(given_data[next(iter(types))]):
        given_data = {name: np.array([None], dtype=object) for name in types}
        nothing = " where false"
    else:
        nothing = ""
    listed = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types.items())
    return connection.sql(f"select {listed} from given_data{nothing}")
