"""The command `score`: what the grade model says of the evaluations of a file."""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.finished_build import DEFAULT_DATABASE, database_file, reading
from refurb_warehouse.grading.features import (
    AGE,
    BATTERY,
    BEST_STATE,
    CHECKS,
    GRADES,
    INPUTS,
    STATES,
    WORDS,
    WORSE_STATE,
    Columns,
)
from refurb_warehouse.grading.model import GradeModel

BATCH = 10_000
MOST_REASONS = 3
LEAST_REASON = 0.05  # log odds below which a feature is not worth a word
KEY, ASSIGNED = "evaluation_id", "assigned_grade"
KNOWN = {KEY, ASSIGNED, *INPUTS}
# Columns of an extract of evaluations that say nothing of the device; they may stay in the file.
IGNORED = {
    "product_list_id", "serial_number", "suggested_grade", "model_version", "decision",
    "justification_submitted_at", "photo_count", "evaluated_at",
}  # fmt: skip
BOOLEANS = {"true": 1.0, "false": 0.0}
DESCRIPTION = f"""\
Predict the grade that a laboratory would find, for each evaluation of a file.

The file holds JSON lines or CSV with a header. Every column may be absent or empty, which means
that it is not known:
  {", ".join(STATES)}: 1 (broken) to 4 (perfect)
  {CHECKS[0]} and the nine other checks: true or false
  {BATTERY}: 0 to 100; {AGE}: days since the product was first offered
  category, brand: as in the product catalogue
  {ASSIGNED}: {", ".join(GRADES)}; with it the answer has the gap
  {KEY}: repeated in the answer

Each answer is a JSON line. A row that cannot be read is named on the error output, the others are
answered all the same, and the exit code is 1."""


class BadRowError(Exception):
    """What is wrong with a row: column, value, and what to write instead."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `score`."""
    parser.description = DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", nargs="?", default="-", help="evaluations; - is standard input")
    parser.add_argument("--format", choices=["json", "csv"], help="default: what the file shows")
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        help=f"build to take the model of (REFURB_DATABASE, without it {DEFAULT_DATABASE})",
    )
    source.add_argument("--model", type=Path, metavar="FILE", help="model that --save-model wrote")
    parser.add_argument(
        "--save-model", type=Path, metavar="FILE", help="write the model there and score nothing"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Answer every evaluation; 1 when any could not be read."""
    model = _model(arguments)
    if arguments.save_model:
        arguments.save_model.write_text(model.to_json() + "\n", encoding="utf-8")
        print(f"{arguments.save_model}: model {model.version}")
        return 0
    if arguments.file == "-":
        return score(model, sys.stdin, sys.stdout, sys.stderr, arguments.format)
    try:
        with Path(arguments.file).open(encoding="utf-8-sig", newline="") as lines:
            return score(model, lines, sys.stdout, sys.stderr, arguments.format)
    except OSError as error:
        raise RefurbError(f"{arguments.file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RefurbError(f"{arguments.file} is not UTF-8: save it as UTF-8") from error


def _model(arguments: argparse.Namespace) -> GradeModel:
    if arguments.model:
        try:
            return GradeModel.from_json(arguments.model.read_text(encoding="utf-8"))
        except OSError as error:
            raise RefurbError(f"{arguments.model} cannot be read: {error.strerror}") from error
    return model_of_build(database_file(arguments.database))


def model_of_build(database: Path) -> GradeModel:
    """The model that a build trained."""
    with reading(database) as connection:
        [(status, remedy, document)] = connection.execute(
            "select status, remedy, document from intermediate.int_grade_model"
        ).fetchall()
    if document is None:
        raise RefurbError(f"{database} holds no model ({status}): {remedy}")
    return GradeModel.from_json(document)


def score(
    model: GradeModel,
    lines: TextIO,
    answers: TextIO,
    complaints: TextIO,
    file_format: str | None = None,
) -> int:
    """Answer the evaluations of an open file; 1 when any could not be read."""
    is_whole = True
    rows = _rows(lines, file_format)
    while batch := list(islice(rows, BATCH)):
        read = []
        for number, row in batch:
            try:
                read.append((number, checked(row)))
            except BadRowError as error:
                is_whole = False
                print(f"row {number}: {error}", file=complaints)
        for answer in answered(model, read):
            print(json.dumps(answer, ensure_ascii=False), file=answers)
    return 0 if is_whole else 1


def _rows(lines: TextIO, file_format: str | None) -> Iterator[tuple[int, Any]]:
    """Rows with their number, the first is 1; of JSON, text that is yet to be read."""
    head = next((line for line in lines if line.strip()), "").lstrip("\ufeff")
    everything = chain([head], lines)
    if (file_format or ("json" if head.lstrip().startswith("{") else "csv")) == "json":
        texts = (line for line in everything if line.strip())
        yield from enumerate(texts, start=1)
        return
    reader = csv.DictReader(everything)
    if unknown := sorted(set(reader.fieldnames or []) - KNOWN - IGNORED):
        raise RefurbError(
            f"column {unknown[0]!r} of the file is none that the model knows: rename it to one of "
            f"{', '.join(sorted(KNOWN))}, or take it out"
        )
    if not set(reader.fieldnames or []) & set(INPUTS):
        raise RefurbError(
            "the file has no column that the model reads: give a header, with "
            f"{' and '.join(STATES)} at least"
        )
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise RefurbError(
            f"the file is not CSV from line {reader.line_num} on ({error}): save it as CSV anew"
        ) from error


def checked(row: Any) -> dict[str, Any]:
    """The inputs of a row as the model reads them, with its key and assigned grade."""
    row = _parsed(row)
    if None in row:
        raise BadRowError("it has more fields than the header: quote fields with commas")
    if unknown := sorted(set(row) - KNOWN - IGNORED):
        raise BadRowError(
            f"column {unknown[0]!r} is none that the model knows: "
            f"use one of {', '.join(sorted(KNOWN))}, or take it out"
        )
    found: dict[str, Any] = {
        name: _number(name, row.get(name), 1, BEST_STATE, whole=True) for name in STATES
    }
    found |= {name: _boolean(name, row.get(name)) for name in CHECKS}
    found[BATTERY] = _number(BATTERY, row.get(BATTERY), 0, 100)
    found[AGE] = _number(AGE, row.get(AGE), 0, 36_525)
    found |= {name: _word(name, row.get(name)) for name in (*WORDS, KEY, ASSIGNED)}
    if found[ASSIGNED] not in (None, *GRADES):
        raise _bad(ASSIGNED, row[ASSIGNED], f"write one of {', '.join(GRADES)}, or leave it empty")
    if found["category"]:
        found["category"] = found["category"].lower()
    return found


def _parsed(row: Any) -> Mapping[str, Any]:
    if not isinstance(row, str):
        return row
    try:
        parsed = json.loads(row)
    except ValueError as error:
        raise BadRowError(f"not JSON ({error}): write one object a line") from error
    if not isinstance(parsed, dict):
        raise BadRowError('not a JSON object: write one object a line, {"screen_state": 3, ...}')
    return parsed


def _bad(name: str, value: Any, remedy: str) -> BadRowError:
    return BadRowError(f"{name} is {json.dumps(value, ensure_ascii=False)}: {remedy}")


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _number(name: str, value: Any, low: float, high: float, whole: bool = False) -> float:
    if _is_empty(value):
        return math.nan
    kind = "a whole number" if whole else "a number"
    remedy = f"write {kind} from {low} to {high}, or leave it empty when it is not known"
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _bad(name, value, remedy)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise _bad(name, value, remedy) from None
    if not low <= number <= high or (whole and number != int(number)):
        raise _bad(name, value, remedy)
    return number


def _boolean(name: str, value: Any) -> float:
    if _is_empty(value):
        return math.nan
    word = str(value).strip().lower() if isinstance(value, str | bool) else ""
    if word not in BOOLEANS:
        raise _bad(name, value, "write true or false, or leave it empty when it was not tested")
    return BOOLEANS[word]


def _word(name: str, value: Any) -> str | None:
    if _is_empty(value):
        return None
    if not isinstance(value, str):
        raise _bad(name, value, "write text")
    return value.strip()


def answered(model: GradeModel, read: list[tuple[int, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Answers to rows that could be read."""
    if not read:
        return
    inputs: Columns = {
        name: np.array([row[name] for _, row in read], dtype=object if name in WORDS else float)
        for name in INPUTS
    }
    found = model.predict(inputs)
    features, contributions = model.contributions(inputs)
    order = np.argsort(-np.abs(contributions), axis=1, kind="stable")[:, :MOST_REASONS]
    slight_max = model.document["settings"].get("grade_gap_slight_max", 2)
    rows = zip(
        read, found.grade.tolist(), found.probabilities.tolist(), found.confidence.tolist(),
        order.tolist(), contributions.tolist(), strict=True,
    )  # fmt: skip
    for (number, row), grade, probabilities, confidence, strongest, moved in rows:
        yield {
            "row": number,
            KEY: row[KEY],
            "grade": GRADES[grade],
            "confidence": round(confidence, 6),
            "probabilities": {
                name: round(value, 6) for name, value in zip(GRADES, probabilities, strict=True)
            },
            **judged(row[ASSIGNED], grade, slight_max),
            "reasons": [
                _reason(features[at], row, moved[at])
                for at in strongest
                if abs(moved[at]) >= LEAST_REASON
            ],
            "model_version": model.version,
        }


def judged(assigned: str | None, grade: int, slight_max: int) -> dict[str, Any]:
    """The gap of an assigned grade, and what the marketplace asks for; null without one."""
    names = (ASSIGNED, "grade_gap_signed", "grade_gap_abs", "gap_class", "required_step",
             "decision")  # fmt: skip
    if assigned is None:
        return dict.fromkeys(names)
    signed = GRADES.index(assigned) - grade
    gap = abs(signed)
    classes = ("none", "none", "validated") if gap == 0 else ("slight", "suggestion", "pending")
    if gap > slight_max:
        classes = ("important", "justification", "pending")
    return dict(zip(names, (assigned, signed, gap, *classes), strict=True))


def _reason(feature: str, row: Mapping[str, Any], moved: float) -> str:
    """A feature in words, and where it moves the grade."""
    subject = feature.replace("_pct", "").replace("_days", "").replace("_", " ")
    if feature == WORSE_STATE:
        known = [row[state] for state in STATES if not math.isnan(row[state])]
        said = f"worse of screen and body {_shown(min(known, default=math.nan))}"
    elif feature in CHECKS:
        result = {1.0: "passed", 0.0: "failed"}.get(row[feature], "not tested")
        said = f"{subject.removeprefix('check ')} check {result}"
    else:
        unit = {BATTERY: " %", AGE: " days"}.get(feature, "")
        said = f"{subject} {_shown(row[feature], unit)}"
    return f"{said}: speaks for a {'better' if moved > 0 else 'worse'} grade"


def _shown(value: Any, unit: str = "") -> str:
    if value is None or value != value:
        return "not known"
    return f"{value:g}{unit}" if isinstance(value, float) else str(value)
